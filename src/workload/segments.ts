/** Functions of row segments: each of the `batch` segments of a row by itself. */
import { zeros } from './matrix.ts';
import type { Arithmetic, FunctionShape } from './vector-function.ts';

/** Writes what `f` makes of a segment: `from` and `to` begin at `at`, and hold `length` values of it. */
export const bySegment =
  (
    { rowLength: length }: FunctionShape,
    f: (from: Float32Array, to: Float32Array, at: number, length: number) => void,
  ): Arithmetic =>
  ([x]) => {
    const y = zeros(x.rows, x.columns);
    for (let at = 0; at < x.data.length; at += length) f(x.data, y.data, at, length);
    return y;
  };

/** Sum of the squares of a segment. */
export function squares(data: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += data[i] * data[i];
  return sum;
}
