/** Operators that compute: value by value, along axes, and products. */
import { pow } from '../../base/math.ts';
import { broadcastIndex, broadcastShape } from './arrays.ts';
import { derived, type Nd, room, sizeOf } from './nd.ts';
import type { Attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import type { Evaluate, Operands } from './rule.ts';
import { axesOf, axisOf } from './shapes.ts';

/** f of two arrays, value by value. */
export function binary(f: (a: number, b: number) => number, whole?: boolean): Evaluate {
  return ([a, b]) => {
    const [x, y] = [a!, b!];
    const shape = broadcastShape(x.shape, y.shape);
    const both = x.whole && y.whole;
    return [
      derived(
        [x, y],
        shape,
        () => {
          const out = room([x, y], sizeOf(shape));
          const [left, right] = [x.data(), y.data()];
          const [i, j] = [broadcastIndex(x.shape, shape), broadcastIndex(y.shape, shape)];
          for (let at = 0; at < out.length; at++) {
            const value = f(left[i(at)], right[j(at)]);
            out[at] = both && whole === undefined ? Math.trunc(value) : value;
          }
          return out;
        },
        { whole: whole ?? both },
      ),
    ];
  };
}

/** f of each value. */
export function unary(f: (x: number, at: Attributes) => number, whole?: boolean): Evaluate {
  return ([a], at) => {
    const x = a!;
    const data = () => {
      const out = room([x], x.size);
      const from = x.data();
      for (let i = 0; i < out.length; i++) out[i] = f(from[i], at);
      return out;
    };
    return [derived([x], x.shape, data, whole === undefined ? {} : { whole })];
  };
}

/** Reduces axes of an array. */
export function reduce(
  start: number,
  step: (sum: number, x: number) => number,
  end: (sum: number, count: number) => number,
): Evaluate {
  return ([a, axesOperand], at) => {
    const x = a!;
    const told = axesOf(axesOperand, at);
    const none = told === undefined || told.length === 0;
    const noop = at.number('noop_with_empty_axes', 0) === 1;
    if (none && noop) return [x];
    const axes = new Set((none ? x.shape.map((_, d) => d) : told).map(axis => axisOf(axis, x.shape.length)));
    const kept = x.shape.map((dim, d) => (axes.has(d) ? 1 : dim));
    const keep = at.number('keepdims', 1) === 1;
    const shape = keep ? kept : x.shape.filter((_, d) => !axes.has(d));
    return [
      derived([x], shape, () => {
        const sums = new Float64Array(sizeOf(kept)).fill(start);
        const place = broadcastIndex(kept, x.shape);
        const from = x.data();
        for (let i = 0; i < from.length; i++) sums[place(i)] = step(sums[place(i)], from[i]);
        const count = x.size / Math.max(1, sums.length);
        return sums.map(sum => end(sum, count));
      }),
    ];
  };
}

/** Rows of the last dimension that sum to one; along another axis the same. */
export function softmax([a]: Operands, at: Attributes, opset: number): Nd[] {
  const x = a!;
  const rank = x.shape.length;
  const axis = axisOf(at.number('axis', opset < 13 ? 1 : -1), rank);
  const inner = opset < 13 ? 1 : sizeOf(x.shape.slice(axis + 1));
  const length = opset < 13 ? sizeOf(x.shape.slice(axis)) : x.shape[axis];
  return [
    derived([x], x.shape, () => {
      const from = x.data();
      const out = new Float64Array(x.size);
      for (let o = 0; o < x.size; o += length * inner)
        for (let i = 0; i < inner; i++) {
          let most = Number.NEGATIVE_INFINITY;
          for (let j = 0; j < length; j++) most = Math.max(most, from[o + j * inner + i]);
          let sum = 0;
          for (let j = 0; j < length; j++)
            sum += out[o + j * inner + i] = Math.exp(from[o + j * inner + i] - most);
          for (let j = 0; j < length; j++) out[o + j * inner + i] /= sum;
        }
      return out;
    }),
  ];
}

/** Products of the last two dimensions. */
export function matmul([a, b]: Operands): Nd[] {
  const [x, y] = [a!, b!];
  if (x.shape.length < 2 || y.shape.length < 2) throw onnxProblem('MatMul of constant vectors');
  const [m, k] = x.shape.slice(-2);
  const [k2, n] = y.shape.slice(-2);
  if (k !== k2) throw onnxProblem(`MatMul: [${x.shape.join(', ')}] and [${y.shape.join(', ')}]`);
  const lead = broadcastShape(x.shape.slice(0, -2), y.shape.slice(0, -2));
  const shape = [...lead, m, n];
  return [
    derived([x, y], shape, () => {
      const [left, right] = [x.data(), y.data()];
      const out = new Float64Array(sizeOf(shape));
      const [i, j] = [broadcastIndex(x.shape.slice(0, -2), lead), broadcastIndex(y.shape.slice(0, -2), lead)];
      for (let c = 0; c < sizeOf(lead); c++)
        for (let r = 0; r < m; r++)
          for (let s = 0; s < k; s++) {
            const value = left[(i(c) * m + r) * k + s];
            for (let q = 0; q < n; q++) out[(c * m + r) * n + q] += value * right[(j(c) * k + s) * n + q];
          }
      return out;
    }),
  ];
}

export const isOne = (truth: boolean): number => (truth ? 1 : 0);

/** a to the power of b, by products where b is 2 or 3. */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  if (b === 3) return a * a * a;
  return b === 0.5 ? Math.sqrt(a) : pow(a, b);
}

/** To the nearest whole number, halves to the even one. */
export function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}
