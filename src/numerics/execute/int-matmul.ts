/** The integer matrix product, exact in int32: a WebAssembly kernel where the host has one, plain loops elsewhere. */
import { INT_PANEL, type IntPanels } from '../kernels/int-product.ts';
import { type IntKernel, intKernel } from './int-kernel.ts';

let kernel: IntKernel | null | undefined;

/** a (m x k, row-major) times b: m x n. No sum may leave int32: the caller has checked the widths. */
export function intMatmul(a: Int16Array, m: number, b: IntPanels): Int32Array {
  if (kernel === undefined) kernel = intKernel();
  return kernel === null ? plainIntMatmul(a, m, b) : kernel(a, m, b);
}

/** The same in plain loops. */
export function plainIntMatmul(a: Int16Array, m: number, { k, n, data }: IntPanels): Int32Array {
  const c = new Int32Array(m * n);
  for (let j = 0; j < n; j++) {
    const column = j % INT_PANEL;
    const first = (j - column) * Math.ceil(k / 2) + column;
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let row = 0; row < k; row++)
        sum += a[i * k + row] * data[(first + (row >> 1) * INT_PANEL) * 2 + (row & 1)];
      c[i * n + j] = sum;
    }
  }
  return c;
}
