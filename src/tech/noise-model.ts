/** All noise terms together: their order, the model that holds their parameters, and what they do to an array. */
import type * as z from 'zod';
import { unknownName } from '../base/errors.ts';
import { NOISE_TERMS } from './noise/all.ts';
import type { Effect, TermEffect } from './noise-effects.ts';
import type { CellLevels, Measured, NoiseClock, NoiseNumber, NoisyDevice, OptionsOf } from './noise-term.ts';

type Terms = typeof NOISE_TERMS;
/** A term's block in a technology file. */
type Block = keyof Terms;
type Params<B extends Block> = Parameters<Terms[B]['effects']>[0];
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer I) => void
  ? I
  : never;

/** A term by the name that it has in a `NoiseModel`. */
export type TermName = Terms[Block]['name'];

/** What is not ideal about cells, lines and converters. Absent terms are ideal; each has a file of its own in `noise/`. */
export type NoiseModel = { readonly [B in Block as Terms[B]['name']]?: Params<B> };

/** Nothing but the quantisation of the ADC. */
export const IDEAL: NoiseModel = {};

/** The blocks of a technology file. */
export type Noise = { readonly [B in Block]?: z.output<Terms[B]['schema']> | undefined };

/** Numbers and choices that replace those of a technology file; absent: as the file says. */
export type NoiseOptions = All<{ [B in Block]: OptionsOf<Terms[B]['numbers'], Terms[B]['choices']> }[Block]>;

/** Numbers of noise that can be swept. */
export type NoiseSweep = { [B in Block]: keyof Terms[B]['numbers'] }[Block];

/** A term without its types: parameters, files and options are those of the same term. */
interface AnyTerm {
  readonly name: TermName;
  readonly place: number;
  readonly of: 'cells' | 'converters';
  readonly numbers: Readonly<Record<string, NoiseNumber<never>>>;
  params(reading: never): unknown;
  effects(params: never, cells: CellLevels): readonly Effect[];
  measured(file: never): Measured;
}

/** Blocks with their terms, in the order in which they act. */
export const TERMS: readonly (readonly [Block, AnyTerm])[] = (
  Object.entries(NOISE_TERMS) as [Block, AnyTerm][]
).sort(([, a], [, b]) => a.place - b.place);

/** In the order in which they act. */
export const TERM_NAMES: readonly TermName[] = TERMS.map(([, { name }]) => name);

/**
 * What a model does to cells of levels 0 .. maxLevel, in the order in which it acts.
 * @throws TrexError (usage) for a term that nobody knows, and for parameters out of range.
 */
export function noiseEffects(noise: NoiseModel, maxLevel: number): TermEffect[] {
  for (const name of Object.keys(noise))
    if (!TERM_NAMES.some(known => known === name)) throw unknownName('noise term', name, [...TERM_NAMES]);
  const effects: TermEffect[] = [];
  let lowLevels = 0;
  for (const [, term] of TERMS) {
    const params = noise[term.name];
    if (params === undefined) continue;
    for (const effect of term.effects(params as never, { maxLevel, lowLevels })) {
      effects.push({ ...effect, term: term.name });
      if (effect.kind === 'offConductance') lowLevels += effect.levels;
    }
  }
  return effects;
}

/** A device of a technology file. */
export interface DeviceWithNoise extends NoisyDevice {
  readonly noise?: Noise | undefined;
}

/** At the read, as file and options have it. */
const atRead: NoiseClock = read_s => read_s;

/**
 * What is not ideal about a device; terms without an effect are left out. `written`: the matrix is programmed at run
 * time, without a verify step, and read at once: it does not drift. `clock`: of its cells at another time than that of the read.
 * @throws TrexError (usage) for a term that lacks a number which has no default.
 */
export function deviceNoise(
  device: DeviceWithNoise,
  written: boolean,
  options: NoiseOptions = {},
  clock: NoiseClock = atRead,
): NoiseModel {
  const model: Partial<Record<TermName, unknown>> = {};
  for (const [block, term] of TERMS) {
    const earlier = ({ name }: { readonly name: TermName }): unknown => model[name];
    const reading = { file: device.noise?.[block], options, device, written, earlier, clock };
    const params = term.params(reading as never);
    if (params !== undefined) model[term.name] = params;
  }
  return model as NoiseModel;
}

/** A swept number, with its own value read off a device. */
export interface SweptNumber {
  readonly option: keyof NoiseOptions;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly of: 'cells' | 'converters';
  own(device: DeviceWithNoise): number | undefined;
}

/** Everything that can be swept, by its name, in the order of the terms. */
export const NOISE_SWEEPS = Object.fromEntries(
  TERMS.flatMap(([block, term]) =>
    Object.entries(term.numbers).map(([name, { option, label, min, max, own }]): [string, SweptNumber] => [
      name,
      {
        option: option as keyof NoiseOptions,
        label,
        min,
        max,
        of: term.of,
        own: device => own(device.noise?.[block] as never, device),
      },
    ]),
  ),
) as Readonly<Record<NoiseSweep, SweptNumber>>;
