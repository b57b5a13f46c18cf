/** What a kernel is specialised for, and how inputs and tables lie in its memory. */
import type { ProgrammedMatrix } from '../programmed-matrix.ts';

/** Columns of one block: four vectors of int32. */
export const BLOCK_COLS = 16;
export const ENTRY_BYTES = BLOCK_COLS * 4;
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
  readonly planes: number;
  readonly signed: boolean;
  readonly fracBits: number;
  readonly maxCode: number;
  readonly strip: 1 | 16 | 32;
  readonly strips: number;
  readonly noise: 'none' | 'constant' | 'active' | 'cells';
  readonly noiseShift: number;
  readonly noiseFloor: number;
  readonly inl?: { readonly coarse: number; readonly factor: number; readonly shift: number };
}

export function kernelShape(matrix: ProgrammedMatrix, groupBits: GroupBits): KernelShape {
  const { plan, noise, inl } = matrix;
  const { arrayRows, inputBits, signedInput, strip, cols } = plan.spec;
  const needed = 2 * Math.ceil(arrayRows / 8) * (groupBits === 8 ? 0.5 : 1);
  const unroll = needed <= MAX_UNROLL ? needed : LOOP_UNROLL;
  return {
    groupBits,
    groups: Math.ceil(needed / unroll) * unroll,
    unroll,
    planes: inputBits,
    signed: signedInput,
    fracBits: plan.fracBits,
    maxCode: plan.maxCode,
    strip,
    strips: Math.ceil(cols / strip),
    noise: noise.kind,
    noiseShift: noise.kind === 'active' || noise.kind === 'cells' ? noise.shift : 0,
    noiseFloor: noise.kind === 'cells' ? noise.floor : 0,
    ...(inl && { inl }),
  };
}

/** Bytes of the table of one row group. */
export const groupBytes = ({ groupBits }: KernelShape): number => 2 ** groupBits * ENTRY_BYTES;

/** Bytes of all tables of a block of columns. */
export const tableBytes = (shape: KernelShape): number => shape.groups * groupBytes(shape);

/**
 * One record per token and plane: a 16-bit table offset for each row group, and the noise mantissa where it depends on
 * the number of active rows.
 */
export const mantissaAt = ({ groups }: KernelShape): number => Math.ceil(groups / 2) * 4;
export const recordBytes = (shape: KernelShape): number =>
  mantissaAt(shape) + (shape.noise === 'active' ? 4 : 0);
