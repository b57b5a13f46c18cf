/** Linear centred kernel alignment: how alike two representations of the same inputs are (Kornblith et al., arXiv 1905.00414, Eq. 3 with linear kernels; TReX, arXiv 2408.12742, Fig. 17). */

import { finished } from '../base/turn.ts';

/** Rows are samples (tokens of images), columns are features; row-major. */
export interface Representation {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/**
 * ||Y^T X||^2 / (||X^T X|| ||Y^T Y||) of centred columns, Frobenius norms: 0 .. 1, 1 for equal up to rotation and
 * scale. 0 where one of them does not vary. @throws RangeError for unequal numbers of rows.
 */
export function linearCka(x: Representation, y: Representation): number {
  if (x.rows !== y.rows) throw new RangeError(`${x.rows} rows against ${y.rows}`);
  return finished(ckaMatrix([x, y]))[0][1];
}

/** linearCka() of each with each, in steps of some milliseconds: of one with itself 1, of two that are not alike 0. */
export function* ckaMatrix(
  all: readonly Representation[],
  isAlike: (x: Representation, y: Representation) => boolean = () => true,
): Generator<void, number[][]> {
  const parts: Centred[] = [];
  for (const x of all) {
    const part = { rows: x.rows, columns: x.columns, data: centred(x) };
    parts.push({ ...part, norm2: yield* crossNorm2(part, part) });
  }
  const result: number[][] = [];
  for (const [i, a] of parts.entries()) {
    const row: number[] = [];
    for (const [j, b] of parts.entries()) {
      const own = i !== j && isAlike(all[i], all[j]) ? Math.sqrt(a.norm2 * b.norm2) : 0;
      const cross = own === 0 ? 0 : (yield* crossNorm2(a, b)) / own;
      row.push(i === j ? 1 : cross);
    }
    result.push(row);
  }
  return result;
}

/** A representation less the means of its columns. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

interface Centred extends Matrix {
  /** Squared Frobenius norm of its product with itself. */
  readonly norm2: number;
}

/** Products between two pauses. */
const PRODUCTS = 2 ** 23;

/** All columns of `x` less their means. */
function centred({ rows, columns, data }: Representation): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let c = 0; c < columns; c++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += data[r * columns + c];
    for (let r = 0; r < rows; r++) result[r * columns + c] = data[r * columns + c] - sum / rows;
  }
  return result;
}

/** Squared Frobenius norm of A^T B. */
function* crossNorm2(
  { data: a, columns: m }: Matrix,
  { data: b, columns: n }: Matrix,
): Generator<void, number> {
  const product = new Float64Array(m * n);
  const rows = a.length / m;
  const step = Math.max(1, Math.floor(PRODUCTS / (m * n)));
  for (let from = 0; from < rows; from += step) {
    addProducts(product, { a, m, b, n, from, to: Math.min(rows, from + step) });
    yield;
  }
  return product.reduce((sum, p) => sum + p * p, 0);
}

interface Products {
  readonly a: Float64Array;
  readonly m: number;
  readonly b: Float64Array;
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

/** Adds A^T B of some rows. */
function addProducts(product: Float64Array, { a, m, b, n, from, to }: Products): void {
  for (let r = from; r < to; r++) {
    for (let i = 0; i < m; i++) {
      const factor = a[r * m + i];
      for (let j = 0; j < n; j++) product[i * n + j] += factor * b[r * n + j];
    }
  }
}
