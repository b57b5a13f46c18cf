/** A matrix of activations: row-major float32, one row per token or pixel, heads side by side. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns values, row-major. */
  readonly data: Float32Array;
}

/** A matrix of zeros. */
export const zeros = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float32Array(rows * columns),
});
