/** What a file in `noise/` provides: everything that anybody needs to know of one term. Its name is its block in a technology file. */
import type * as z from 'zod';
import type { IdleRows } from './circuit/idle-rows.ts';
import type { MergeParams } from './circuit/merge/all.ts';
import type { Effect } from './noise-effects.ts';

/** What a term may know of the device that it is part of. */
export interface NoisyDevice {
  readonly cell: {
    readonly onResistance?: number | undefined;
    readonly offResistance?: number | undefined;
    readonly idle?: IdleRows | undefined;
    /** Of a cell that is read by its charge. */
    readonly capacitor?: number | undefined;
  };
  readonly crossbar: { readonly cols: number };
  /** Of circuits that merge slices before the converter. */
  readonly merge?: MergeParams | undefined;
  readonly adc: { readonly columns: number };
  readonly node: number;
  /** Of its circuits; absent: the node's own, and 300 K. */
  readonly vdd?: number | undefined;
  readonly temperature?: number | undefined;
}

/** A number of the file that an option replaces and a sweep varies. */
export interface NoiseNumber<File> {
  /** Its name in `NoiseOptions`; that of the sweep is its key in `numbers`. */
  readonly option: string;
  /** For axes and tables. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** The technology's own value; undefined where it has none. */
  own(file: File | undefined, device: NoisyDevice): number | undefined;
}

type Numbers<File> = Readonly<Record<string, NoiseNumber<File>>>;
type Choices = Readonly<Record<string, readonly string[]>>;

/** Options of a term; absent: as the technology says. */
export type OptionsOf<N extends Numbers<never>, C extends Choices> = {
  readonly [K in keyof N as N[K]['option']]?: number | undefined;
} & { readonly [K in keyof C]?: C[K][number] | undefined };

/** What a term makes its parameters from. */
export interface Reading<File, Options> {
  /** The block of the technology file. */
  readonly file: File | undefined;
  readonly options: Options;
  readonly device: NoisyDevice;
  /** The matrix is programmed at run time, without a verify step, and read at once. */
  readonly written: boolean;
  /** The parameters of a term that acts before this one. */
  earlier<P>(term: EarlierTerm<P>): P | undefined;
  /** When the cells are looked at, of a term that changes with time. */
  readonly clock: NoiseClock;
}

/** The time after programming, from that of a read and that at which a term was verified or first measured, in seconds. */
export type NoiseClock = (read_s: number, start_s: number) => number;

interface EarlierTerm<P> {
  readonly name: string;
  effects(params: P, cells: CellLevels): readonly Effect[];
}

/** Of the cells that effects are asked for. */
export interface CellLevels {
  readonly maxLevel: number;
  /** Conductance of level 0, in levels. */
  readonly lowLevels: number;
}

/** What a block of noise was measured on: see `one-device.ts`. */
export interface Measured {
  /** The device, as `measuredOn` names it. */
  readonly device?: string | undefined;
  /** The kind of its cells. */
  readonly cell?: string | undefined;
  /** Conductance of its highest level. */
  readonly full_S?: number | undefined;
  /** The spread is what program-and-verify leaves. */
  readonly verified?: boolean | undefined;
}

/** A term: see the fields. */
export function noiseTerm<
  const Name extends string,
  S extends z.ZodType,
  P,
  const N extends Numbers<z.output<S>>,
  const C extends Choices,
>(term: {
  /** Its key in a `NoiseModel`, and the name of its random numbers. */
  readonly name: Name;
  /** Terms act in the order of these numbers. */
  readonly place: number;
  /** Whose flaw it is: options about cells and their lines leave the SRAM of a hybrid alone. */
  readonly of: 'cells' | 'converters';
  /** Its block in a technology file. */
  readonly schema: S;
  readonly numbers: N;
  /** Options that are no numbers, with their values. */
  readonly choices: C;
  /** From file and options to the parameters; undefined where it has no effect. @throws TrexError (usage) for what lacks a number. */
  readonly params: (reading: Reading<z.output<S>, OptionsOf<N, C>>) => P | undefined;
  /** @throws TrexError (usage) for parameters out of range. */
  readonly effects: (params: P, cells: CellLevels) => readonly Effect[];
  /** What its block was measured on. */
  readonly measured?: (file: z.output<S>) => Measured;
}) {
  const { measured = () => ({}) } = term;
  return { ...term, measured };
}
