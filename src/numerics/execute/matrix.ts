/** Matrices of activations, as the back ends make and turn them. */
import type { Matrix } from '../../workload/matrix.ts';

export { type Matrix, zeros } from '../../workload/matrix.ts';

/** A matrix on these values, which are not copied. */
export function matrix(rows: number, columns: number, data: Float32Array): Matrix {
  if (data.length !== rows * columns)
    throw new Error(`a ${rows} x ${columns} matrix needs ${rows * columns} values, got ${data.length}`);
  return { rows, columns, data };
}

/** columns x rows: the transpose of a row-major rows x columns array. */
export function transposed<T extends Float32Array | Int16Array>(data: T, rows: number, columns: number): T {
  const out = new (data.constructor as new (length: number) => T)(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return out;
}
