/** Constant arrays under other shapes: broadcast, folded, turned, cut. */
import { derived, type Nd, sizeOf, stridesOf } from './nd.ts';
import { onnxProblem } from './problem.ts';

/** Shape of two arrays together (numpy's rules). @throws OnnxProblem */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, d) => {
    const x = a[d - rank + a.length] ?? 1;
    const y = b[d - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw onnxProblem(`[${a.join(', ')}] and [${b.join(', ')}] do not go together`);
    return x === 1 ? y : x;
  });
}

/** Where each value of `shape` stands in an array that is broadcast to it. */
export function broadcastIndex(from: readonly number[], shape: readonly number[]): (at: number) => number {
  if (sizeOf(from) === 1) return () => 0;
  if (from.length === shape.length && from.every((dim, d) => dim === shape[d])) return at => at;
  const strides = stridesOf(from);
  const lead = shape.length - from.length;
  const steps = stridesOf(shape);
  return at => {
    let index = 0;
    for (let d = lead; d < shape.length; d++)
      if (from[d - lead] > 1) index += (Math.floor(at / steps[d]) % shape[d]) * strides[d - lead];
    return index;
  };
}

/** The same values under another shape. */
export const reshaped = (x: Nd, shape: readonly number[], key = x.key): Nd => {
  if (sizeOf(shape) !== x.size)
    throw onnxProblem(`[${x.shape.join(', ')}] cannot become [${shape.join(', ')}]`);
  return derived([x], shape, () => x.data(), { key });
};

/** The dimensions in another order. */
export function transposed(x: Nd, perm: readonly number[]): Nd {
  if (perm.every((d, i) => d === i)) return x;
  const shape = perm.map(d => x.shape[d]);
  const from = stridesOf(x.shape);
  const steps = perm.map(d => from[d]);
  const key = x.key && `${x.key}^${perm.join()}`;
  return derived([x], shape, () => gathered(x, shape, steps, 0), { key });
}

/** Values at `start` plus steps along each dimension. */
function gathered(x: Nd, shape: readonly number[], steps: readonly number[], start: number) {
  const data = x.data();
  const out =
    data instanceof Float32Array ? new Float32Array(sizeOf(shape)) : new Float64Array(sizeOf(shape));
  const rank = shape.length;
  const place = new Array<number>(rank).fill(0);
  let index = start;
  for (let at = 0; at < out.length; at++) {
    out[at] = data[index];
    for (let d = rank - 1; d >= 0; d--) {
      index += steps[d];
      if (++place[d] < shape[d]) break;
      index -= steps[d] * shape[d];
      place[d] = 0;
    }
  }
  return out;
}

/** `size` places from `start` on along a dimension, every `step`-th. */
export function sliced(x: Nd, dim: number, start: number, size: number, step = 1): Nd {
  if (start === 0 && size === x.shape[dim] && step === 1) return x;
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((s, d) => (d === dim ? size : s));
  const steps = strides.map((s, d) => (d === dim ? s * step : s));
  const key = x.key && `${x.key}[${dim}:${start}:${size}:${step}]`;
  return derived([x], shape, () => gathered(x, shape, steps, start * strides[dim]), { key });
}
