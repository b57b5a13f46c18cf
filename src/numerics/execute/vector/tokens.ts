/** Changes of the token count: learned tokens in front of the patches (ViT, arXiv 2010.11929; DeiT, 2012.12877), a slice of rows, or the rows with the best scores (DynamicViT, arXiv 2106.02034). */
import type { Matrix } from '../matrix.ts';

/** The rows of `learned` (any whole number of rows), then those of `x`. */
export function prepend(learned: Float32Array, x: Matrix): Matrix {
  const data = new Float32Array(learned.length + x.data.length);
  data.set(learned);
  data.set(x.data, learned.length);
  return { rows: data.length / x.columns, columns: x.columns, data };
}

/** `count` rows from row `start`. */
export function slice(x: Matrix, start: number, count: number): Matrix {
  const data = x.data.slice(start * x.columns, (start + count) * x.columns);
  return { rows: count, columns: x.columns, data };
}

/** Row 0 and the `count` - 1 others of the highest score, in their order; row r + 1 has its score in scores[r][0]. */
export function keepBest(x: Matrix, scores: Matrix, count: number): Matrix {
  const of = (row: number): number => scores.data[(row - 1) * scores.columns];
  const rows = Array.from({ length: x.rows - 1 }, (_, i) => i + 1)
    .sort((a, b) => of(b) - of(a) || a - b)
    .slice(0, count - 1)
    .sort((a, b) => a - b);
  const data = new Float32Array(count * x.columns);
  [0, ...rows].forEach((row, i) => {
    data.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), i * x.columns);
  });
  return { rows: count, columns: x.columns, data };
}
