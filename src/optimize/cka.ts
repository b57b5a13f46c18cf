/** Linear centred kernel alignment: how alike two representations of the same inputs are (Kornblith et al., arXiv 1905.00414, Eq. 3 with linear kernels; TReX, arXiv 2408.12742, Fig. 17). */

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
  const [a, b] = [centred(x), centred(y)];
  const own = Math.sqrt(crossNorm2(a, x.columns, a, x.columns) * crossNorm2(b, y.columns, b, y.columns));
  return own === 0 ? 0 : crossNorm2(a, x.columns, b, y.columns) / own;
}

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
function crossNorm2(a: Float64Array, m: number, b: Float64Array, n: number): number {
  const product = new Float64Array(m * n);
  for (let r = 0; r < a.length / m; r++) {
    for (let i = 0; i < m; i++) {
      const factor = a[r * m + i];
      for (let j = 0; j < n; j++) product[i * n + j] += factor * b[r * n + j];
    }
  }
  return product.reduce((sum, p) => sum + p * p, 0);
}
