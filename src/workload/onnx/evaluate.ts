/** ONNX operators on constant arrays (onnx/onnx Operators.md): what folds shapes, and what makes weights of stored tensors. */
import { erf } from '../../base/erf.ts';
import { cos, pow, sin } from '../../base/math.ts';
import type { OnnxNode } from './graph.ts';
import { derived, type Nd, nd, room, sizeOf, stridesOf, uniform, values, wholes } from './nd.ts';
import { type Attributes, attributes } from './node.ts';
import { onnxProblem } from './problem.ts';

/** The operands; undefined for one that is left out. */
type Operands = readonly (Nd | undefined)[];
export type Evaluate = (operands: Operands, at: Attributes, opset: number) => Nd[];

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

/** f of two arrays, value by value. */
function binary(f: (a: number, b: number) => number, whole?: boolean): Evaluate {
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
function unary(f: (x: number, at: Attributes) => number, whole?: boolean): Evaluate {
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

/** Array with rows picked along an axis. */
function gather([a, b]: Operands, at: Attributes): Nd[] {
  const [x, index] = [a!, b!];
  const axis = axisOf(at.number('axis', 0), x.shape.length);
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const count = x.shape[axis];
  if (index.known)
    for (const place of index.data())
      if (!(place >= -count && place < count)) throw onnxProblem(`Gather: index ${place} of ${count}`);
  return [
    derived(
      [x, index],
      shape,
      () => {
        const from = x.data();
        const places = index.data();
        const out = room([x, index], sizeOf(shape));
        let to = 0;
        for (let o = 0; o < outer; o++)
          for (const place of places) {
            const row = place < 0 ? place + count : place;
            if (!(row >= 0 && row < count)) throw onnxProblem(`Gather: index ${place} of ${count}`);
            for (let i = 0; i < inner; i++) out[to++] = from[(o * count + row) * inner + i];
          }
        return out;
      },
      { whole: x.whole },
    ),
  ];
}

export function axisOf(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= Math.max(rank, 1))
    throw onnxProblem(`axis ${axis} of ${rank} dimensions`);
  return axis < 0 ? axis + rank : axis;
}

/** Axes of an attribute, or of an operand in later opsets. */
export function axesOf(operand: Nd | undefined, at: Attributes): number[] | undefined {
  if (operand !== undefined) return wholes(operand, 'axes');
  return at.has('axes') ? at.numbers('axes') : undefined;
}

/** The shape that a Reshape asks for: 0 keeps a size, -1 takes the rest. */
export function reshapeTarget(
  shape: readonly number[],
  wanted: readonly number[],
  allowZero = false,
): number[] {
  const size = sizeOf(shape);
  const target = wanted.map((dim, d) => {
    if (dim !== 0 || allowZero) return dim;
    if (d >= shape.length) throw onnxProblem(`Reshape: 0 at place ${d} of ${shape.length} dimensions`);
    return shape[d];
  });
  const rest = sizeOf(target.filter(dim => dim !== -1));
  const result = target.map(dim => (dim === -1 ? (rest === 0 ? 0 : size / rest) : dim));
  if (sizeOf(result) !== size || result.some(dim => !Number.isInteger(dim) || dim < 0))
    throw onnxProblem(`Reshape: [${shape.join(', ')}] cannot become [${wanted.join(', ')}]`);
  return result;
}

/** With dimensions of 1 at these places. */
export function unsqueezed(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const places = new Set(axes.map(axis => axisOf(axis, rank)));
  const rest = [...shape];
  return Array.from({ length: rank }, (_, d) => (places.has(d) ? 1 : rest.shift()!));
}

/** Without dimensions of 1: all of them, or those named. */
export function squeezed(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const places = axes?.map(axis => axisOf(axis, shape.length));
  for (const d of places ?? [])
    if (shape[d] !== 1) throw onnxProblem(`Squeeze: dimension ${d} of [${shape.join(', ')}] is not 1`);
  return shape.filter((dim, d) => (places === undefined ? dim !== 1 : !places.includes(d)));
}

/** A slice of one dimension: where it starts, how many, how far apart. */
export interface Cut {
  readonly dim: number;
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** The slices that a Slice node asks for. */
export function cutsOf(shape: readonly number[], operands: Operands, at: Attributes): Cut[] {
  const list = (place: number, name: string): number[] | undefined => {
    const operand = operands[place];
    if (operand !== undefined) return wholes(operand, `Slice: ${name}`);
    return at.has(name) ? at.numbers(name) : undefined;
  };
  const starts = list(1, 'starts');
  const ends = list(2, 'ends');
  if (starts === undefined || ends === undefined) throw onnxProblem('Slice without starts or ends');
  const axes = list(3, 'axes') ?? starts.map((_, i) => i);
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  return axes.map((axis, i) => {
    const dim = axisOf(axis, shape.length);
    const size = shape[dim];
    const step = steps[i];
    if (!Number.isInteger(step) || step === 0) throw onnxProblem(`Slice: a step of ${step}`);
    const within = (place: number, low: number, high: number): number =>
      Math.min(Math.max(place < 0 ? place + size : place, low), high);
    const start = step > 0 ? within(starts[i], 0, size) : within(starts[i], 0, size - 1);
    const end = step > 0 ? within(ends[i], 0, size) : within(ends[i], -1, size - 1);
    return { dim, start, size: Math.max(0, Math.ceil((end - start) / step)), step };
  });
}

/** Sizes of the parts of a Split. */
export function splitSizes(size: number, count: number, operand: Nd | undefined, at: Attributes): number[] {
  const told =
    operand !== undefined ? wholes(operand, 'Split') : at.has('split') ? at.numbers('split') : undefined;
  const each = Math.ceil(size / count);
  const sizes = told ?? Array.from({ length: count }, (_, i) => Math.min(each, size - i * each));
  if (sizes.length !== count || sizes.reduce((a, b) => a + b, 0) !== size || sizes.some(s => s < 0))
    throw onnxProblem(`Split: parts of ${sizes.join(', ')} are not ${size}`);
  return sizes;
}

/** Reduces axes of an array. */
function reduce(
  start: number,
  step: (sum: number, x: number) => number,
  end: (sum: number, count: number) => number,
): Evaluate {
  return ([a, axesOperand], at) => {
    const x = a!;
    const told = axesOf(axesOperand, at);
    const none = told === undefined || told.length === 0;
    if (none && at.number('noop_with_empty_axes', 0) === 1) return [x];
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
function softmax([a]: Operands, at: Attributes, opset: number): Nd[] {
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

function concat(operands: Operands, at: Attributes): Nd[] {
  const parts = operands.map(one => one!);
  const rank = parts[0].shape.length;
  const axis = axisOf(at.number('axis', 0), rank);
  for (const { shape } of parts)
    if (shape.length !== rank || shape.some((dim, d) => d !== axis && dim !== parts[0].shape[d]))
      throw onnxProblem(`Concat: [${shape.join(', ')}] beside [${parts[0].shape.join(', ')}]`);
  const shape = parts[0].shape.map((dim, d) =>
    d === axis ? parts.reduce((s, p) => s + p.shape[axis], 0) : dim,
  );
  return [
    derived(parts, shape, () => {
      const out = room(parts, sizeOf(shape));
      const outer = sizeOf(shape.slice(0, axis));
      const row = sizeOf(shape.slice(axis));
      let left = 0;
      for (const part of parts) {
        const width = sizeOf(part.shape.slice(axis));
        const data = part.data();
        for (let o = 0; o < outer; o++) out.set(data.subarray(o * width, (o + 1) * width), o * row + left);
        left += width;
      }
      return out;
    }),
  ];
}

/** Products of the last two dimensions. */
function matmul([a, b]: Operands): Nd[] {
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

/** x times scale after its zero point is taken off; of one scale, or one for each place of an axis. */
export function dequantised([a, b, c]: Operands, at: Attributes): Nd[] {
  const [x, scale, zero] = [a!, b!, c];
  const shape = along(x.shape, scale.shape, at);
  const all = [x, scale, ...(zero === undefined ? [] : [zero])];
  return [
    derived(
      all,
      x.shape,
      () => {
        const out = room(all, x.size);
        const [from, factors, zeros] = [x.data(), scale.data(), zero?.data()];
        const place = broadcastIndex(shape, x.shape);
        for (let i = 0; i < out.length; i++)
          out[i] = (from[i] - (zeros?.[place(i)] ?? 0)) * factors[place(i)];
        return out;
      },
      { whole: false, key: x.key },
    ),
  ];
}

/** The shape of a scale beside an array of shape `of`. */
function along(of: readonly number[], scale: readonly number[], at: Attributes): readonly number[] {
  if (sizeOf(scale) === 1) return [];
  if (scale.length !== 1 || at.number('block_size', 0) !== 0)
    throw onnxProblem('scales by blocks are not supported');
  const axis = axisOf(at.number('axis', 1), of.length);
  if (of[axis] !== scale[0]) throw onnxProblem(`${scale[0]} scales for [${of.join(', ')}]`);
  return of.map((dim, d) => (d === axis ? dim : 1));
}

function expand([a, b]: Operands): Nd[] {
  const x = a!;
  const shape = broadcastShape(x.shape, wholes(b!, 'Expand'));
  const data = () => {
    const [from, place] = [x.data(), broadcastIndex(x.shape, shape)];
    const out = room([x], sizeOf(shape));
    for (let i = 0; i < out.length; i++) out[i] = from[place(i)];
    return out;
  };
  return [derived([x], shape, data)];
}

function tile([a, b]: Operands): Nd[] {
  const x = a!;
  const repeats = wholes(b!, 'Tile');
  const shape = x.shape.map((dim, d) => dim * repeats[d]);
  const strides = stridesOf(x.shape);
  const steps = stridesOf(shape);
  const data = () => {
    const from = x.data();
    const out = room([x], sizeOf(shape));
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      for (let d = 0; d < shape.length; d++)
        at += ((Math.floor(i / steps[d]) % shape[d]) % x.shape[d]) * strides[d];
      out[i] = from[at];
    }
    return out;
  };
  return [derived([x], shape, data)];
}

function trilu([a, b]: Operands, at: Attributes): Nd[] {
  const x = a!;
  const k = b === undefined ? 0 : wholes(b, 'Trilu')[0];
  const upper = at.number('upper', 1) === 1;
  const [rows, columns] = x.shape.slice(-2);
  const data = () =>
    x.data().map((value, i) => {
      const ahead = (i % columns) - (Math.floor(i / columns) % rows);
      return (upper ? ahead >= k : ahead <= k) ? value : 0;
    });
  return [derived([x], x.shape, data)];
}

function cumsum([a, b]: Operands, at: Attributes): Nd[] {
  const x = a!;
  if (at.number('exclusive', 0) + at.number('reverse', 0) > 0)
    throw onnxProblem('CumSum: exclusive, reverse');
  const axis = axisOf(wholes(b!, 'CumSum')[0], x.shape.length);
  const step = stridesOf(x.shape)[axis];
  const data = () => {
    const out = x.data().slice();
    for (let i = 0; i < out.length; i++)
      if (Math.floor(i / step) % x.shape[axis] > 0) out[i] += out[i - step];
    return out;
  };
  return [derived([x], x.shape, data)];
}

const isOne = (truth: boolean): number => (truth ? 1 : 0);

function pad([a, b, c]: Operands, at: Attributes): Nd[] {
  const x = a!;
  const pads = b === undefined ? at.numbers('pads') : wholes(b, 'Pad');
  if (at.text('mode', 'constant') !== 'constant') throw onnxProblem('Pad of another mode than constant');
  const value = c === undefined ? at.number('value', 0) : (uniform(c) ?? 0);
  const rank = x.shape.length;
  const shape = x.shape.map((dim, d) => dim + pads[d] + pads[d + rank]);
  const steps = stridesOf(shape);
  const strides = stridesOf(x.shape);
  const data = () => {
    const from = x.data();
    const out = room([x], sizeOf(shape)).fill(value);
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      let within = true;
      for (let d = 0; d < rank && within; d++) {
        const place = (Math.floor(i / steps[d]) % shape[d]) - pads[d];
        within = place >= 0 && place < x.shape[d];
        at += place * strides[d];
      }
      if (within) out[i] = from[at];
    }
    return out;
  };
  return [derived([x], shape, data)];
}

/** By operator; those of other domains are taken apart before. */
export const EVALUATE: Readonly<Record<string, Evaluate>> = {
  Identity: ([x]) => [{ ...x!, key: undefined }],
  Dropout: ([x]) => [x!],
  Cast: ([x], at) => {
    const to = at.number('to');
    const whole = ![1, 10, 11, 16].includes(to);
    const own = x!;
    if (whole === own.whole && to !== 9) return [own];
    const convert = to === 9 ? (v: number) => isOne(v !== 0) : whole ? Math.trunc : (v: number) => v;
    return unary(convert, whole)([own], at, 0).map(y => ({ ...y, key: own.key }));
  },
  CastLike: ([x, like], at) =>
    x!.whole === like!.whole ? [x!] : unary(v => (like!.whole ? Math.trunc(v) : v), like!.whole)([x], at, 0),
  Shape: ([x], at) => {
    const rank = x!.shape.length;
    const place = (name: string, absent: number) => {
      const told = at.number(name, absent);
      return Math.min(Math.max(told < 0 ? told + rank : told, 0), rank);
    };
    const some = x!.shape.slice(place('start', 0), place('end', rank));
    return [values([some.length], some, true)];
  },
  Size: ([x]) => [values([], [x!.size], true)],
  Reshape: ([x, shape], at) => [
    reshaped(x!, reshapeTarget(x!.shape, wholes(shape!, 'Reshape'), at.number('allowzero', 0) === 1)),
  ],
  Flatten: ([x], at) => {
    const axis = at.number('axis', 1);
    const place = axis < 0 ? axis + x!.shape.length : axis;
    return [reshaped(x!, [sizeOf(x!.shape.slice(0, place)), sizeOf(x!.shape.slice(place))])];
  },
  Unsqueeze: ([x, axes], at) => [reshaped(x!, unsqueezed(x!.shape, axesOf(axes, at) ?? []))],
  Squeeze: ([x, axes], at) => [reshaped(x!, squeezed(x!.shape, axesOf(axes, at)))],
  Transpose: ([x], at) => [
    transposed(x!, at.has('perm') ? at.numbers('perm') : x!.shape.map((_, d) => x!.shape.length - 1 - d)),
  ],
  'trex:SwapLast': ([x]) => {
    const rank = x!.shape.length;
    return [
      transposed(
        x!,
        x!.shape.map((_, d) => (d < rank - 2 ? d : 2 * rank - 3 - d)),
      ),
    ];
  },
  Slice: (operands, at) => {
    let x = operands[0]!;
    for (const { dim, start, size, step } of cutsOf(x.shape, operands, at))
      x = sliced(x, dim, start, size, step);
    return [x];
  },
  Split: ([x, split], at) => {
    const axis = axisOf(at.number('axis', 0), x!.shape.length);
    const sizes = splitSizes(x!.shape[axis], at.outputs, split, at);
    return sizes.map((size, i) =>
      sliced(
        x!,
        axis,
        sizes.slice(0, i).reduce((s, v) => s + v, 0),
        size,
      ),
    );
  },
  Gather: gather,
  Concat: concat,
  Expand: expand,
  Tile: tile,
  Trilu: trilu,
  CumSum: cumsum,
  Pad: pad,
  MatMul: matmul,
  Softmax: softmax,
  Range: ([a, b, c]) => {
    const [start, limit, delta] = [a, b, c].map(one => wholes(one!, 'Range')[0]);
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(count <= 2 ** 24)) throw onnxProblem(`Range of ${count} values`);
    return [
      values(
        [count],
        Array.from({ length: count }, (_, i) => start + i * delta),
        a!.whole,
      ),
    ];
  },
  ConstantOfShape: ([x], at) => {
    const shape = wholes(x!, 'ConstantOfShape');
    const value = at.has('value') ? at.numbers('value')[0] : 0;
    const whole = at.text('value.type', 'f32') !== 'f32' && at.text('value.type', 'f32') !== 'f16';
    return [
      nd({
        shape,
        whole,
        known: true,
        learned: false,
        data: () => new Float64Array(sizeOf(shape)).fill(value),
      }),
    ];
  },
  EyeLike: ([x]) => {
    const [rows, columns] = x!.shape;
    return [
      values(
        [rows, columns],
        Array.from({ length: rows * columns }, (_, i) => isOne(i % (columns + 1) === 0)),
      ),
    ];
  },
  Where: ([c, a, b]) => {
    const [condition, x, y] = [c!, a!, b!];
    const shape = broadcastShape(broadcastShape(condition.shape, x.shape), y.shape);
    const all = [condition, x, y];
    const data = () => {
      const out = room(all, sizeOf(shape));
      const places = all.map(one => broadcastIndex(one.shape, shape));
      const [t, left, right] = all.map(one => one.data());
      for (let i = 0; i < out.length; i++)
        out[i] = t[places[0](i)] !== 0 ? left[places[1](i)] : right[places[2](i)];
      return out;
    };
    return [derived(all, shape, data, { whole: x.whole && y.whole })];
  },
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Mod: binary((a, b) => a - b * Math.floor(a / b)),
  Pow: binary(power),
  Min: (operands, at) => [operands.map(one => one!).reduce((a, b) => binary(Math.min)([a, b], at, 0)[0])],
  Max: (operands, at) => [operands.map(one => one!).reduce((a, b) => binary(Math.max)([a, b], at, 0)[0])],
  Equal: binary((a, b) => isOne(a === b), true),
  Less: binary((a, b) => isOne(a < b), true),
  LessOrEqual: binary((a, b) => isOne(a <= b), true),
  Greater: binary((a, b) => isOne(a > b), true),
  GreaterOrEqual: binary((a, b) => isOne(a >= b), true),
  And: binary((a, b) => isOne(a !== 0 && b !== 0), true),
  Or: binary((a, b) => isOne(a !== 0 || b !== 0), true),
  Xor: binary((a, b) => isOne((a !== 0) !== (b !== 0)), true),
  Not: unary(a => isOne(a === 0), true),
  Neg: unary(a => -a),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary(a => 1 / a),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Erf: unary(erf),
  Tanh: unary(Math.tanh),
  Sigmoid: unary(a => 1 / (1 + Math.exp(-a))),
  Relu: unary(a => Math.max(0, a)),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundEven),
  HardSigmoid: unary((a, at) =>
    Math.min(1, Math.max(0, at.number('alpha', 0.2) * a + at.number('beta', 0.5))),
  ),
  Softplus: unary(a => Math.log(1 + Math.exp(-Math.abs(a))) + Math.max(a, 0)),
  Sin: unary(sin),
  Cos: unary(cos),
  LeakyRelu: unary((a, at) => (a < 0 ? at.number('alpha', 0.01) * a : a)),
  Elu: unary((a, at) => (a < 0 ? at.number('alpha', 1) * (Math.exp(a) - 1) : a)),
  Clip: ([x, low, high], at) => {
    const least =
      low === undefined ? at.number('min', Number.NEGATIVE_INFINITY) : (uniform(low) ?? Number.NaN);
    const most =
      high === undefined ? at.number('max', Number.POSITIVE_INFINITY) : (uniform(high) ?? Number.NaN);
    return unary(a => Math.min(most, Math.max(least, a)))([x], at, 0);
  },
  ReduceMean: reduce(
    0,
    (s, x) => s + x,
    (s, n) => s / n,
  ),
  ReduceSum: reduce(
    0,
    (s, x) => s + x,
    s => s,
  ),
  ReduceSumSquare: reduce(
    0,
    (s, x) => s + x * x,
    s => s,
  ),
  ReduceL2: reduce(
    0,
    (s, x) => s + x * x,
    s => Math.sqrt(s),
  ),
  ReduceProd: reduce(
    1,
    (s, x) => s * x,
    s => s,
  ),
  ReduceMax: reduce(Number.NEGATIVE_INFINITY, Math.max, s => s),
  ReduceMin: reduce(Number.POSITIVE_INFINITY, Math.min, s => s),
  DequantizeLinear: dequantised,
};

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

/** Operators of which all operands must be there, or the first two or three; of others the first. */
const NEEDED: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'Add Sub Mul Div Mod Pow Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Reshape Gather Expand Tile CumSum MatMul CastLike DequantizeLinear Conv ConvTranspose'
      .split(' ')
      .map(op => [op, 2]),
  ),
  Where: 3,
  Range: 3,
  Concat: Number.POSITIVE_INFINITY,
  Min: Number.POSITIVE_INFINITY,
  Max: Number.POSITIVE_INFINITY,
  Einsum: Number.POSITIVE_INFINITY,
};

/** @throws OnnxProblem where an operand is missing */
export function checkOperands(op: string, operands: Operands): void {
  const own = Object.hasOwn(NEEDED, op) ? NEEDED[op] : 1;
  const count = own === Number.POSITIVE_INFINITY ? Math.max(1, operands.length) : own;
  for (let i = 0; i < count; i++) if (operands[i] === undefined) throw onnxProblem(`operand ${i} is missing`);
}

/** What a node makes of constants; undefined where no rule is known for it. */
export function evaluate(node: OnnxNode, operands: Operands, opset: number): Nd[] | undefined {
  const rule = Object.hasOwn(EVALUATE, node.op) ? EVALUATE[node.op] : undefined;
  if (rule !== undefined) checkOperands(node.op, operands);
  return rule?.(operands, attributes(node), opset);
}
