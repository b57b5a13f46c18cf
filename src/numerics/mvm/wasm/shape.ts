/** What a kernel is specialised for, and how inputs and tables lie in its memory. */

import type { ConversionNoise, NoiseKind } from '../../noise/column-noise.ts';
import type { Inl } from '../../noise/inl.ts';
import { BLOCK_COLS } from './block.ts';
import { type Converted, codesFit, type SumMode } from './value-bounds.ts';

/** Up to here all row groups are unrolled; V8 compiles functions of more than about 5 KB badly. */
const MAX_UNROLL = 32;
const LOOP_UNROLL = 16;

/** Rows per table: many tokens pay for large tables, few do not. */
export type GroupBits = 4 | 8;

export interface KernelShape {
  readonly groupBits: GroupBits;
  /** Row groups of a block, padded to a multiple of `unroll`. */
  readonly groups: number;
  readonly unroll: number;
  /** Groups whose entries are added in 16 bits; 0: tables of 32 bits. */
  readonly chunk: number;
  /** All rows, and what the sum starts with, are added in 16 bits; else each chunk goes to 32 bits. */
  readonly whole: boolean;
  /** Everything up to the code is in 16 bits: see `SumMode`. */
  readonly short: boolean;
  /** The codes of all planes, shifted and added, fit 16 bits. */
  readonly shortCodes: boolean;
  /** Bits of an input: a record each. */
  readonly bits: number;
  /** Of each plane, low ones first, how many bits are converted together. */
  readonly planes: readonly number[];
  readonly signed: boolean;
  readonly fracBits: number;
  readonly maxCode: number;
  readonly strip: 1 | 16 | 32;
  readonly strips: number;
  readonly noise: NoiseKind;
  /** Noise with a factor is multiplied in 16 bits. */
  readonly shortNoise: boolean;
  readonly noiseShift: number;
  readonly noiseFloor: number;
  readonly inl?: Inl;
}

export function kernelShape(
  { plan, noise, inl }: Converted,
  mode: SumMode,
  groupBits: GroupBits,
): KernelShape {
  const { arrayRows, inputBits, signedInput, strip, cols } = plan.spec;
  const { groups, unroll } = rowGroups(arrayRows, groupBits);
  const whole = mode.rows === 'all';
  return {
    groupBits,
    groups,
    unroll,
    chunk: mode.rows === 'all' ? groups : Math.min(groups, mode.rows / groupBits),
    whole,
    short: mode.short,
    shortNoise: mode.shortNoise,
    shortCodes: codesFit(plan),
    bits: inputBits,
    planes: plan.planes.map(({ bits }) => bits),
    signed: signedInput,
    fracBits: plan.fracBits,
    maxCode: plan.maxCode,
    strip,
    strips: Math.ceil(cols / strip),
    noise: noise.kind,
    ...noiseNumbers(noise),
    ...(inl && { inl }),
  };
}

type NoiseNumbers = Pick<KernelShape, 'noiseShift' | 'noiseFloor'>;

/** The kinds of noise that the kernels emit, and what their code depends on. */
const NOISE_NUMBERS: {
  readonly [K in NoiseKind]: (noise: Extract<ConversionNoise, { readonly kind: K }>) => NoiseNumbers;
} = {
  none: () => ({ noiseShift: 0, noiseFloor: 0 }),
  constant: () => ({ noiseShift: 0, noiseFloor: 0 }),
  active: ({ shift }) => ({ noiseShift: shift, noiseFloor: 0 }),
  cells: ({ shift, floor }) => ({ noiseShift: shift, noiseFloor: floor }),
};

const noiseNumbers = <K extends NoiseKind>(
  noise: Extract<ConversionNoise, { readonly kind: K }> & { readonly kind: K },
): NoiseNumbers => NOISE_NUMBERS[noise.kind](noise);

/** Tables of an array of so many rows. */
export function rowGroups(arrayRows: number, groupBits: GroupBits): { groups: number; unroll: number } {
  const needed = 2 * Math.ceil(arrayRows / 8) * (groupBits === 8 ? 0.5 : 1);
  const unroll = needed <= MAX_UNROLL ? needed : LOOP_UNROLL;
  return { groups: Math.ceil(needed / unroll) * unroll, unroll };
}

/** Bytes of one number in a table. */
export const numberBytes = ({ chunk }: KernelShape): 2 | 4 => (chunk > 0 ? 2 : 4);
/** Where the squares stand in an entry: behind a number per column. They have 2 bytes. */
export const squaresAt = (shape: KernelShape): number => BLOCK_COLS * numberBytes(shape);
/** Bytes from one entry of a table to the next, a power of two. */
export const entryBytes = (shape: KernelShape): number =>
  squaresAt(shape) * (shape.noise === 'cells' ? 2 : 1);
/** Bytes of the table of one row group. */
export const groupBytes = (shape: KernelShape): number => 2 ** shape.groupBits * entryBytes(shape);
/** Bytes of the tables of a block of columns. */
export const tableBytes = (shape: KernelShape): number => shape.groups * groupBytes(shape);

/** Windows of the noise table are added in 16 bits where the tables are; single draws are always 32-bit. */
export const shortWindows = ({ chunk, strip }: KernelShape): boolean => chunk > 0 && strip !== 1;

/** Inputs are packed so many rows at a time. */
export const PACK_ROWS = 16;
/** Packed rows of a row block, in units of `PACK_ROWS`. */
export const packedChunks = ({ groups, groupBits }: KernelShape): number =>
  Math.ceil((groups * groupBits) / PACK_ROWS);

/**
 * One record per token and input bit: a 16-bit table offset for each row group that was packed, and the noise mantissa where
 * it depends on the number of active rows (in the record of a plane's lowest bit).
 */
export const mantissaAt = (shape: KernelShape): number =>
  ((packedChunks(shape) * PACK_ROWS) / shape.groupBits) * 2;
/** Planes of several bits: look-ups of each are shifted and added before the conversion. */
export const hasLevels = ({ planes }: Pick<KernelShape, 'planes'>): boolean => planes.some(bits => bits > 1);

export const recordBytes = (shape: KernelShape): number =>
  mantissaAt(shape) + (shape.noise === 'active' ? 4 : 0);
