/** The right operand of an integer matrix product, cut into panels of neighbouring columns that a kernel reads straight through. */

/** Columns of a panel: two vectors of int32. */
export const INT_PANEL = 8;
/** Steps of an integer panel are padded to a multiple of this, for an unrolled loop. */
const INT_UNROLL = 4;

/** k x n integers: [panel][step][column in panel][2], a step being two neighbouring rows; filled up with zeros. */
export interface IntPanels {
  readonly k: number;
  readonly n: number;
  readonly steps: number;
  readonly data: Int16Array;
}

/** From a row-major k x n array. */
export function intPanels(values: Int16Array, k: number, n: number): IntPanels {
  const steps = Math.ceil(k / 2 / INT_UNROLL) * INT_UNROLL;
  const data = new Int16Array(Math.ceil(n / INT_PANEL) * INT_PANEL * steps * 2);
  for (let j = 0; j < n; j++) {
    const column = j % INT_PANEL;
    const to = ((j - column) * steps + column) * 2;
    for (let i = 0; i < k; i++) data[to + (i >> 1) * INT_PANEL * 2 + (i & 1)] = values[i * n + j];
  }
  return { k, n, steps, data };
}
