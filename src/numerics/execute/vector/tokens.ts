/** Changes of the token count: learned tokens in front of the patches (ViT, arXiv 2010.11929; DeiT, 2012.12877), a slice of rows, or the rows with the best scores (DynamicViT, arXiv 2106.02034; EViT, 2202.07800). */
import type { Matrix } from '../../../workload/matrix.ts';
import type { ExpertChoice, TokensOp } from '../../../workload/op.ts';
import { rowsOfExperts } from '../../../workload/routes.ts';

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

/**
 * keep: row 0 and the others of the highest score, in their order; rest: the other rows. Row r + 1 is scored by row r of the
 * scores (`predicted`), or by the attention of row 0: its row of each head's map, side by side.
 */
export function chosen(
  op: Pick<TokensOp, 'change' | 'to' | 'heads' | 'firstAbsent'>,
  x: Matrix,
  scores: Matrix,
): Matrix {
  const absent = op.firstAbsent ? 1 : 0;
  const rows = x.rows + absent;
  const score = op.heads === undefined ? predicted(scores) : attended(scores.data, op.heads, rows);
  const keep = op.change === 'keep';
  const best = bestRows(score, rows, keep ? op.to + absent : rows - op.to);
  const others = (): number[] => {
    const kept = new Set(best);
    return Array.from({ length: rows }, (_, row) => row).filter(row => !kept.has(row));
  };
  return taken(
    x,
    (keep ? best.slice(absent) : others()).map(row => row - absent),
  );
}

/**
 * Score of a row, row 0 apart: the only column, or by how much keep (column 0) is above drop (column 1), which is in the order
 * of their softmax (raoyongming/DynamicViT models/dyvit.py PredictorLG).
 */
export const predicted =
  ({ columns, data }: Matrix): ((row: number) => number) =>
  row => {
    const at = (row - 1) * columns;
    return columns === 2 ? data[at] - data[at + 1] : data[at];
  };

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

/** The rows that choose an expert, in their order: as many as do. */
export const routed = (x: Matrix, scores: Matrix, { index, top }: ExpertChoice): Matrix =>
  taken(x, rowsOfExperts(scores, top)[index]);

function taken(x: Matrix, rows: readonly number[]): Matrix {
  const data = new Float32Array(rows.length * x.columns);
  for (const [i, row] of rows.entries())
    data.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), i * x.columns);
  return { rows: rows.length, columns: x.columns, data };
}
