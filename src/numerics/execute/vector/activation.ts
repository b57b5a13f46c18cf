/** Element-wise activation functions, computed in float64 and stored in float32: GELU (arXiv 1606.08415), ReLU, tanh. */
import type { Matrix } from '../matrix.ts';
import { erf } from './erf.ts';
import { type GeluKernel, geluKernel } from './gelu-kernel.ts';

let kernel: GeluKernel | null | undefined;

/** x Phi(x), with the exact normal distribution: PyTorch's `gelu` with approximate = none. */
export function gelu(x: Matrix): Matrix {
  // This is the slowest function of a vision transformer.
  if (kernel === undefined) kernel = geluKernel();
  return { ...x, data: kernel === null ? plainGelu(x.data) : kernel(x.data) };
}

/** The same in a plain loop. */
export function plainGelu(values: Float32Array): Float32Array {
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const v = values[i];
    data[i] = 0.5 * v * (1 + erf(v * Math.SQRT1_2));
  }
  return data;
}

/** x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): approximate = tanh, BERT's and GPT-2's first form. */
export const geluTanh = (x: Matrix): Matrix =>
  map(x, v => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));

export const relu = (x: Matrix): Matrix => map(x, v => (v > 0 ? v : 0));

export const tanh = (x: Matrix): Matrix => map(x, Math.tanh);

function map(x: Matrix, f: (value: number) => number): Matrix {
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i]);
  return { ...x, data };
}
