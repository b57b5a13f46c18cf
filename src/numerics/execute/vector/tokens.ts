/** Changes of the token count: learned tokens in front of the patches (ViT, arXiv 2010.11929; DeiT, 2012.12877), a slice of rows, or the rows with the best scores (DynamicViT, arXiv 2106.02034; EViT, 2202.07800). */
import type { Matrix } from '../../../workload/matrix.ts';

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
export const keepBest = (x: Matrix, scores: Matrix, count: number): Matrix =>
  taken(
    x,
    bestRows(row => scores.data[(row - 1) * scores.columns], x.rows, count),
  );

/** Row 0 and the `count` - 1 others to which it gives most attention; `attention`: its row of each head's map, side by side. */
export const keepAttended = (x: Matrix, attention: Matrix, heads: number, count: number): Matrix =>
  taken(x, bestRows(attended(attention.data, heads, x.rows), x.rows, count));

/** Attention of one query to a row, summed over heads. */
export const attended =
  (attention: Float32Array, heads: number, rows: number): ((row: number) => number) =>
  row => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += attention[head * rows + row];
    return sum;
  };

/** Row 0 and the `count` - 1 others of `rows` with the highest score, ascending; of equals the earlier one. */
export function bestRows(score: (row: number) => number, rows: number, count: number): number[] {
  const scores = Array.from({ length: rows }, (_, row) =>
    row === 0 ? Number.POSITIVE_INFINITY : score(row),
  );
  return scores
    .map((_, row) => row)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

function taken(x: Matrix, rows: readonly number[]): Matrix {
  const data = new Float32Array(rows.length * x.columns);
  for (const [i, row] of rows.entries())
    data.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), i * x.columns);
  return { rows: rows.length, columns: x.columns, data };
}
