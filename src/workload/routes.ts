/** Which rows choose which expert: each row those of its best scores (Shazeer et al., arXiv 1701.06538). */
import type { Matrix } from './matrix.ts';

/** How rows go to experts, as a model file says it. */
export interface RouteOptions {
  readonly top: number;
  readonly load?: readonly number[] | undefined;
  readonly loadSource?: string | undefined;
}

/** The experts of a row, rising: the `top` of the highest score, of equals the earlier one. */
export function expertsOf({ columns, data }: Matrix, row: number, top: number): number[] {
  const score = (expert: number): number => data[row * columns + expert];
  return Array.from({ length: columns }, (_, expert) => expert)
    .sort((a, b) => score(b) - score(a) || a - b)
    .slice(0, top)
    .sort((a, b) => a - b);
}

/** By expert, the rows that choose it, in their order; `scores`: rows x experts. */
export function rowsOfExperts(scores: Matrix, top: number): number[][] {
  const rows: number[][] = Array.from({ length: scores.columns }, () => []);
  for (let row = 0; row < scores.rows; row++)
    for (const expert of expertsOf(scores, row, top)) rows[expert].push(row);
  return rows;
}

/**
 * Rows that each expert gets of `rows` rows with `top` choices each, whose `shares` are shares of all choices: whole numbers
 * that add up to all of them (largest remainder; of equals the earlier expert).
 */
export function rowsByShare(rows: number, top: number, shares: readonly number[]): number[] {
  const all = rows * top;
  const counts = shares.map(share => Math.min(rows, Math.floor(share * all)));
  const left = (expert: number): number => shares[expert] * all - counts[expert];
  const order = shares.map((_, expert) => expert).sort((a, b) => left(b) - left(a) || a - b);
  let open = all - counts.reduce((sum, count) => sum + count, 0);
  // More than once around, where shares above 1 / top left more open than there are experts.
  for (let i = 0; open > 0; i++) {
    const expert = order[i % order.length];
    if (counts[expert] === rows) continue;
    counts[expert]++;
    open--;
  }
  return counts;
}
