/** LayerNorm over each row (arXiv 1607.06450) and BatchNorm at inference (arXiv 1502.03167); sums in float64. */
import { type Matrix, zeros } from '../matrix.ts';

/** Gain and shift, one pair per column. */
export interface Affine {
  readonly gain: Float32Array;
  readonly shift: Float32Array;
}

/** (x - mean) / sqrt(variance + eps) * gain + shift, with the biased variance of the row. */
export function layerNorm(x: Matrix, { gain, shift }: Affine, eps: number): Matrix {
  const { rows, columns, data } = x;
  const y = zeros(rows, columns);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[at + j];
    const mean = sum / columns;
    let squares = 0;
    for (let j = 0; j < columns; j++) squares += (data[at + j] - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / columns + eps);
    for (let j = 0; j < columns; j++) y.data[at + j] = (data[at + j] - mean) * scale * gain[j] + shift[j];
  }
  return y;
}

/** x * gain + shift per column: the running statistics are part of gain and shift. */
export function batchNorm(x: Matrix, { gain, shift }: Affine): Matrix {
  const { rows, columns } = x;
  const y = zeros(rows, columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * columns; j < columns; j++, at++) y.data[at] = x.data[at] * gain[j] + shift[j];
  return y;
}
