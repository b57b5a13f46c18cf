/** Attention heads side by side in one matrix: take one out, or put one back (Vaswani et al. 2017, section 3.2.2). */
import type { DynamicOp } from '../../workload/op.ts';
import { type Matrix, transposed, zeros } from './matrix.ts';

/** What streams into a dynamic op: the rows of its operand (m x batch k), or each head's columns as rows. */
export function streamedRows({ batch, m, k, streamedTransposed }: DynamicOp, x: Matrix): Matrix {
  if (!streamedTransposed) return x;
  const y = zeros(m, batch * k);
  for (let head = 0; head < batch; head++)
    putColumns(y.data, y.columns, head * k, k, transposed(takeColumns(x.data, x.columns, head * m, m), k, m));
  return y;
}

/** Columns `from` to `from + width` of a row-major array of `columns` columns, as an array of their own. */
export function takeColumns<T extends Float32Array | Int16Array | Int8Array | Uint8Array>(
  data: T,
  columns: number,
  from: number,
  width: number,
): T {
  const rows = data.length / columns;
  const out = new (data.constructor as new (length: number) => T)(rows * width);
  for (let i = 0; i < rows; i++) {
    const at = i * columns + from;
    out.set(data.subarray(at, at + width), i * width);
  }
  return out;
}

/** Writes `part` (rows x width) into the columns from `from` of `data`. */
export function putColumns<T extends Float32Array>(
  data: T,
  columns: number,
  from: number,
  width: number,
  part: T,
): void {
  for (let i = 0, at = from; i * width < part.length; i++, at += columns)
    data.set(part.subarray(i * width, (i + 1) * width), at);
}
