/** Functions of row segments: each of the `batch` segments of a row by itself. */
import { zeros } from './matrix.ts';
import type { Arithmetic, Backward, FunctionShape } from './vector-function.ts';

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
export const squares = (data: Float32Array, at: number, length: number): number =>
  dot(data, data, at, length);

/** A segment in training: values, results and derivatives are those from `at` on. */
interface SegmentDerivative {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly by: Float32Array;
  readonly into: Float32Array;
}

/** The derivative of `bySegment`. */
export const segmentBackward =
  (
    { rowLength: length }: FunctionShape,
    f: (segment: SegmentDerivative, at: number, length: number) => void,
  ): ReturnType<Backward['backward']> =>
  ({ operands: [{ data: x }], output: { data: y }, by: { data: by } }, [into]) => {
    if (into === undefined) return;
    for (let at = 0; at < x.length; at += length) f({ x, y, by, into }, at, length);
  };

/** Sum of the products of two segments. */
export function dot(a: Float32Array, b: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += a[i] * b[i];
  return sum;
}
