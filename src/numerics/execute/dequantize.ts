/** From integer sums back to activations: scales and bias in float64, stored in float32. One definition for integers and crossbars. */
import { type Matrix, zeros } from './matrix.ts';

/** sums (rows x out) * inputScale * scales[column] + bias[column]. */
export function dequantized(
  sums: ArrayLike<number>,
  out: number,
  inputScale: number,
  scales: Float64Array,
  bias: Float32Array | null,
): Matrix {
  const y = zeros(sums.length / out, out);
  const factors = scales.map(scale => scale * inputScale);
  for (let i = 0, at = 0; i < y.rows; i++)
    for (let j = 0; j < out; j++, at++) y.data[at] = sums[at] * factors[j] + (bias === null ? 0 : bias[j]);
  return y;
}
