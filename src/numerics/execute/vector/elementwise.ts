/** Sums, factors and maxima of activations: residual adds, learned position embeddings, LV-ViT's best patch class. */
import { type Matrix, zeros } from '../matrix.ts';

/** a + scale * b. */
export function add(a: Matrix, b: Matrix, scale: number): Matrix {
  const y = zeros(a.rows, a.columns);
  for (let i = 0; i < y.data.length; i++) y.data[i] = a.data[i] + scale * b.data[i];
  return y;
}

/** factor * x. */
export function scaled(x: Matrix, factor: number): Matrix {
  const y = zeros(x.rows, x.columns);
  for (let i = 0; i < y.data.length; i++) y.data[i] = factor * x.data[i];
  return y;
}

/** Largest value of each column: 1 x columns. */
export function columnMax(x: Matrix): Matrix {
  const y = zeros(1, x.columns);
  y.data.fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < x.data.length; i++) {
    const j = i % x.columns;
    if (x.data[i] > y.data[j]) y.data[j] = x.data[i];
  }
  return y;
}

/** The second half of each row becomes its mean over all rows (the global feature of DynamicViT's predictor). */
export function halfMean(x: Matrix): Matrix {
  const { rows, columns } = x;
  const data = x.data.slice();
  for (let c = columns / 2; c < columns; c++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x.data[r * columns + c];
    for (let r = 0; r < rows; r++) data[r * columns + c] = sum / rows;
  }
  return { rows, columns, data };
}
