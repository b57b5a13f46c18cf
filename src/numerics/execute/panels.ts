/** The right operand of an integer matrix product, cut into panels of neighbouring columns that a kernel reads straight through. */
import { PANEL, UNROLL } from '../kernels/tile.ts';

/** k x n integers: [panel][step][column in panel][2], a step being two neighbouring rows; filled up with zeros to whole turns of the unrolled loop. */
export interface IntPanels {
  readonly k: number;
  readonly n: number;
  readonly steps: number;
  readonly data: Int16Array;
}

/** From a row-major k x n array. */
export function intPanels(values: Int16Array, k: number, n: number): IntPanels {
  const steps = Math.ceil(k / 2 / UNROLL) * UNROLL;
  const data = new Int16Array(Math.ceil(n / PANEL) * PANEL * steps * 2);
  for (let j = 0; j < n; j++) {
    const column = j % PANEL;
    const to = ((j - column) * steps + column) * 2;
    for (let i = 0; i < k; i++) data[to + (i >> 1) * PANEL * 2 + (i & 1)] = values[i * n + j];
  }
  return { k, n, steps, data };
}
