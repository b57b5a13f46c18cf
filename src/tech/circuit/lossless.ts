/** How fine an ADC must be to lose nothing: every sum of a column's cells has a code of its own (ISAAC, ISCA 2016, section 3). */

/** Bits for `rows` cells and inputs of `inputBits` bits: log2 of rows (2^bitsPerCell - 1)(2^inputBits - 1) + 1 levels, rounded up. */
export function losslessBits(rows: number, bitsPerCell: number, inputBits = 1): number {
  return Math.ceil(Math.log2(rows * (2 ** bitsPerCell - 1) * (2 ** inputBits - 1) + 1));
}
