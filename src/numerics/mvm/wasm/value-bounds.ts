/** Bounds of the sums of a programmed matrix: they decide which of them the kernels keep in 16 bits. */

import { type ConversionNoise, largestNoise } from '../../noise/column-noise.ts';
import type { Inl } from '../../noise/inl.ts';
import { largestEntry } from '../../noise/normal-table.ts';
import type { MvmPlan } from '../spec.ts';
import { BLOCK_COLS, type MatrixLayout, SUM_BYTES } from './block.ts';

/** Numbers from here on do not fit 16 bits. */
export const INT16 = 2 ** 15;

/** Bounds over the columns of all arrays, in units. */
export interface ValueBounds {
  /** Sum of the magnitudes of a column's cells: of all rows, and of 32 and of 16 rows from a multiple of as many. */
  readonly all: number;
  readonly rows32: number;
  readonly rows16: number;
  /** Sum of the magnitudes of the cells below zero. */
  readonly below: number;
}

/** In how many bits the kernels keep what. */
export interface SumMode {
  /** Rows that are added in 16 bits before their sum goes to 32; 0: tables of 32 bits. */
  readonly rows: 'all' | 32 | 16 | 0;
  /** Everything up to the code fits 16 bits, or is cut off at their end where it is beyond the codes anyway. */
  readonly short: boolean;
  /** Noise that needs a factor is multiplied in 16 bits. */
  readonly shortNoise: boolean;
}

/** Shifts of noise that 16-bit products can have: the factors, of 12 bits and a sign, are shifted up to three bits to 15. */
const [LEAST_SHIFT, MOST_SHIFT] = [9, 15];

/** What a matrix asks of the kernels that convert its sums; `bounds` is absent for cells of 32 bits. */
export interface Converted {
  readonly plan: MvmPlan;
  readonly offsets: Int32Array;
  readonly noise: ConversionNoise;
  readonly inl?: Inl | undefined;
  readonly bounds?: ValueBounds | undefined;
}

export function sumMode({ plan, offsets, noise, inl, bounds }: Converted): SumMode {
  const { maxCode, fracBits, spec } = plan;
  const wide: SumMode = { rows: 0, short: false, shortNoise: false };
  // Two windows of the noise table are added in 16 bits.
  const windows = 'table' in noise ? 2 * largestEntry(noise.table) : 0;
  if (bounds === undefined || bounds.rows16 >= INT16 || windows >= INT16) return wide;
  const needsFactor = 'shift' in noise;
  const spread = largestNoise(noise);
  const shortNoise =
    needsFactor &&
    spec.strip !== 1 &&
    spread < INT16 &&
    noise.shift >= LEAST_SHIFT &&
    noise.shift <= MOST_SHIFT;
  let [lowest, highest] = [0, 0];
  for (let i = 0; i < offsets.length; i++) {
    const offset = offsets[i];
    if (offset < lowest) lowest = offset;
    if (offset > highest) highest = offset;
  }
  lowest -= spread + bounds.below;
  highest += spread;
  const whole = lowest >= -INT16 && highest + bounds.all < INT16;
  const plain = !('table' in noise) || (spec.strip !== 1 && (!needsFactor || shortNoise));
  const short = plain && inl === undefined && codesFit(plan);
  // A sum that is cut off is at most so far below the end that its code is still the highest; one that is not beyond the
  // codes has never been cut off on the way. Noise that comes last would have to be part of that.
  const cutOff =
    lowest >= -INT16 &&
    highest < INT16 &&
    !needsFactor &&
    (maxCode + 1) * 2 ** fracBits <= INT16 &&
    bounds.below < 2 ** fracBits;
  const rows = bounds.rows32 < INT16 ? 32 : 16;
  // Bits of a level are shifted and added in 32 bits.
  if (plan.maxDigit > 1) return { rows, short: false, shortNoise };
  if (whole || (cutOff && short)) return { rows: 'all', short, shortNoise };
  return { rows, short: false, shortNoise };
}

/** Whether the codes of all planes, shifted and added, fit 16 bits. */
export const codesFit = ({ maxCode, planeSpan, spec }: MvmPlan): boolean =>
  maxCode * (spec.signedInput ? planeSpan : planeSpan - 1) < 2 * INT16;

/** From the sums of magnitudes that `finish` left, see `FinishTask`. */
export function boundsOf(sums: Int32Array, layout: MatrixLayout, { spec }: MvmPlan): ValueBounds {
  let [all, rows32, rows16, below] = [0, 0, 0, 0];
  forEachBlock(layout, spec.cols, (_to, from, columns) => {
    for (let i = from; i < from + columns; i++) {
      if (sums[i] > all) all = sums[i];
      if (sums[i + BLOCK_COLS] > rows32) rows32 = sums[i + BLOCK_COLS];
      if (sums[i + 2 * BLOCK_COLS] > rows16) rows16 = sums[i + 2 * BLOCK_COLS];
      if (sums[i + 3 * BLOCK_COLS] > below) below = sums[i + 3 * BLOCK_COLS];
    }
  });
  return { all, rows32, rows16, below };
}

/** The sums of magnitudes of all columns that there are, [array][col]. */
export function magnitudesOf(sums: Int32Array, layout: MatrixLayout, { spec }: MvmPlan): Int32Array {
  const magnitudes = new Int32Array(layout.blocks * layout.slices * spec.cols);
  forEachBlock(layout, spec.cols, (to, from, columns) => {
    for (let i = 0; i < columns; i++) magnitudes[to + i] = sums[from + i];
  });
  return magnitudes;
}

/** Visits each block of columns: the number of its first column, where its sums begin, and how many columns there are. */
function forEachBlock(
  { blocks, slices, paddedCols }: MatrixLayout,
  cols: number,
  visit: (number: number, from: number, columns: number) => void,
): void {
  for (let array = 0, from = 0; array < blocks * slices; array++)
    for (let col = 0; col < paddedCols; col += BLOCK_COLS, from += SUM_BYTES / 4)
      visit(array * cols + col, from, Math.min(BLOCK_COLS, cols - col));
}
