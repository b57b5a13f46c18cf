/** How fine an ADC must be to lose nothing: every sum of a column's cells has a code of its own (ISAAC, ISCA 2016, section 3). */
import type { CrossbarDesign } from './design.ts';
import { drivenRows } from './input-steps.ts';
import { convertedBits } from './slice-merge.ts';

/** Bits for `rows` cells, or groups of cells that are merged, and inputs of `inputBits` bits: log2 of rows (2^bitsPerCell - 1)(2^inputBits - 1) + 1 levels, rounded up. */
export function losslessBits(rows: number, bitsPerCell: number, inputBits = 1): number {
  const levels = rows * (2 ** bitsPerCell - 1) * (2 ** inputBits - 1) + 1;
  let bits = 0;
  while (2 ** bits < levels) bits++;
  return bits;
}

/** Of the sums of a design: the rows of one conversion, the input bits of one step. */
export const designLosslessBits = (
  design: Pick<CrossbarDesign, 'rows' | 'activeRows' | 'cell' | 'inputBitsPerStep' | 'merge' | 'weightBits'>,
): number => losslessBits(drivenRows(design), convertedBits(design), design.inputBitsPerStep);
