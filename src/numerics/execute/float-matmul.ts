/** The float32 matrix product, with one order of summation wherever it runs: a WebAssembly kernel where the host has one, plain loops elsewhere. */
import { FLOAT_BLOCK } from '../kernels/float-product.ts';
import { type FloatKernel, floatKernel } from './float-kernel.ts';

let kernel: FloatKernel | null | undefined;

/** a (m x k, row-major) times b (k x n, row-major): m x n. Rounding errors stay below (64 + k / 64) 2^-24 sum |a b|. */
export function floatMatmul(a: Float32Array, m: number, b: Float32Array, k: number, n: number): Float32Array {
  if (kernel === undefined) kernel = floatKernel();
  return kernel === null ? plainFloatMatmul(a, m, b, k, n) : kernel(a, m, b, k, n);
}

/** The same in plain loops. */
export function plainFloatMatmul(
  a: Float32Array,
  m: number,
  b: Float32Array,
  k: number,
  n: number,
): Float32Array {
  const c = new Float32Array(m * n);
  const block = new Float32Array(n);
  for (let i = 0; i < m; i++) {
    for (let first = 0; first < k; first += FLOAT_BLOCK) {
      block.fill(0);
      for (let row = first; row < Math.min(k, first + FLOAT_BLOCK); row++) {
        const x = a[i * k + row];
        for (let j = 0; j < n; j++) block[j] += Math.fround(x * b[row * n + j]);
      }
      for (let j = 0; j < n; j++) c[i * n + j] += block[j];
    }
  }
  return c;
}
