/** LayerNorm over each row (arXiv 1607.06450); sums in float64. */
import { type Matrix, zeros } from '../matrix.ts';
import type { Affine, VectorFunction } from '../vector-function.ts';

/** (x - mean) / sqrt(variance + eps) * gain + shift, with the biased variance of the row, or of each segment as long as the gain. */
export function layerNorm(x: Matrix, { gain, shift }: Affine, eps: number): Matrix {
  const { data } = x;
  const columns = gain.length;
  const y = zeros(x.rows, x.columns);
  for (let at = 0; at < data.length; at += columns) {
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

export const vectorFunction = {
  name: 'layernorm',
  reduction: 'row',
  gives: 'rows',
  learns: 'gain-shift',
  options: ['eps'],
  cost: { unit: 'vector', entry: 'layernorm', omitted: true, why: 'an entry of its own' },
  arithmetic: ({ id, eps }, learned) => {
    const norm = learned.norm(id);
    if (eps === undefined) throw new Error(`${id}: a layernorm without eps`);
    return ([x]) => layerNorm(x, norm, eps);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
