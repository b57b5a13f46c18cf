/** Norms, softmax and reductions. */

import { formula } from './functions.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { allSources, type Nd, sizeOf, values } from './nd.ts';
import { plus, times } from './pointwise.ts';
import { onnxProblem } from './problem.ts';
import { reshapeTo } from './reshape.ts';
import { axesOf, axisOf } from './shapes.ts';
import { type Atom, redimensioned, shapeOf, taken, type View } from './view.ts';

/** The view with these dimensions as the fastest of its columns, in their order. */
function innermost(l: Lowering, view: View, dims: readonly number[]): View {
  const inner = dims.flatMap(d => view.dims[d]);
  const there = view.dims.flat();
  const rows = view.rows.filter(a => there.includes(a) && !inner.includes(a));
  const columns = view.columns.filter(a => there.includes(a) && !inner.includes(a));
  return l.ops.arrange(view, rows, [...columns, ...inner]);
}

/** LayerNorm over the last dimensions, without gain and shift: those that follow become its own. */
export function standardise(l: Lowering, given: View, axis: number, eps: number): View {
  return norm(l, 'layernorm', given, axis, eps);
}

export function rms(l: Lowering, given: View, axis: number, eps: number): View {
  return norm(l, 'rmsnorm', given, axis, eps);
}

function norm(l: Lowering, fn: 'layernorm' | 'rmsnorm', given: View, axis: number, eps: number): View {
  const { ops } = l;
  const view = ops.unscaled(given);
  const dims = view.dims.map((_, d) => d).slice(axis);
  const own = innermost(l, view, dims);
  const length = sizeOf(shapeOf(view).slice(axis));
  const { rows, rowLength } = ops.sizes(own);
  const place = ops.place(fn === 'layernorm' ? 'norm' : 'rmsnorm');
  const ones = values([length], new Float32Array(length).fill(1));
  const batch = rowLength / length;
  const sizes = { rows, rowLength: length, batch, eps };
  if (fn === 'layernorm') {
    ops.constants.norm.set(place.id, { gain: ones, shift: values([length], new Float32Array(length)) });
    return { ...own, op: ops.b.vector(place, fn, [own.op!], sizes) };
  }
  ops.constants.rows.set(place.id, ones);
  const shape = { ...sizes, parameters: length, second: 'row' as const };
  return { ...own, op: ops.b.vector({ ...place, buffer: true }, fn, [own.op!], shape) };
}

export function layerNormalization(l: Lowering, node: OnnxNode): void {
  const at = l.attributes(node);
  const x = l.view(node);
  const axis = axisOf(at.number('axis', -1), x.dims.length);
  const gain = l.constant(node, 1);
  const shift = l.constant(node, 2);
  const y = standardise(l, x, axis, at.number('epsilon', 1e-5));
  const scaled = gain === undefined ? y : gained(l, y, gain, axis);
  l.give(node, shift === undefined ? scaled : shifted(l, scaled, shift));
}

/** Gain of every segment, where they are several. */
function gained(l: Lowering, y: View, gain: Nd, axis: number): View {
  const op = y.op === null ? undefined : l.ops.op(y.op);
  if (op?.kind !== 'vector' || op.batch === 1 || gain.size !== op.rowLength || axis !== y.dims.length - 1)
    return times(l, y, gain);
  const { id } = op;
  const learned = gain.learned ? gain.size : 0;
  if (op.fn === 'layernorm') {
    l.ops.constants.norm.set(id, { ...l.ops.constants.norm.get(id)!, gain });
    l.ops.replace(id, { ...op, parameters: op.parameters + learned });
  } else {
    l.ops.constants.rows.set(id, gain);
    const { buffer, ...rest } = op;
    l.ops.replace(id, gain.learned ? rest : op);
  }
  return y;
}

function shifted(l: Lowering, y: View, shift: Nd): View {
  const op = y.op === null ? undefined : l.ops.op(y.op);
  if (op?.kind !== 'vector' || op.fn !== 'layernorm' || op.batch === 1 || shift.size !== op.rowLength)
    return plus(l, y, shift);
  const known = l.ops.constants.norm.get(op.id)!;
  l.ops.constants.norm.set(op.id, { ...known, shift });
  l.ops.replace(op.id, { ...op, parameters: op.parameters + (shift.learned ? shift.size : 0) });
  return y;
}

export function rmsNormalization(l: Lowering, node: OnnxNode): void {
  const at = l.attributes(node);
  const x = l.view(node);
  const axis = axisOf(at.number('axis', -1), x.dims.length);
  const y = rms(l, x, axis, at.number('epsilon', 1e-5));
  l.give(node, gained(l, y, l.known(node, 1), axis));
}

/** BatchNorm by its running statistics. */
export function batchNormalization(l: Lowering, node: OnnxNode): void {
  const { ops } = l;
  const at = l.attributes(node);
  if (at.number('training_mode', 0) !== 0)
    throw onnxProblem('in training mode: export the network in eval mode');
  const x = ops.unscaled(l.view(node));
  const [gain, shift, mean, variance] = [1, 2, 3, 4].map(place => l.known(node, place));
  const eps = at.number('epsilon', 1e-5);
  const channels = x.dims[1];
  const there = x.dims.flat();
  const rows = [...x.rows, ...x.columns].filter(a => there.includes(a) && !channels.includes(a));
  const own = ops.arrange(x, rows, channels);
  const place = ops.place('batchnorm');
  const factors = (): Float32Array => {
    const [g, v] = [gain.data(), variance.data()];
    return Float32Array.from(g, (value, i) => value / Math.sqrt(v[i] + eps));
  };
  const made = (data: () => Float32Array): Nd => ({
    ...gain,
    key: undefined,
    known: false,
    learned: true,
    // Mean and variance are no parameters.
    sources: allSources([gain, shift]),
    data,
  });
  ops.constants.norm.set(place.id, {
    gain: made(factors),
    shift: made(() => {
      const [s, m, f] = [shift.data(), mean.data(), factors()];
      return f.map((value, i) => s[i] - m[i] * value);
    }),
  });
  const { rows: count, rowLength } = ops.sizes(own);
  const shape = { rows: count, rowLength, parameters: 2 * rowLength };
  l.give(node, { ...own, op: ops.b.vector(place, 'batchnorm', [own.op!], shape) });
}

/** Mean and variance over the pixels of each channel, or of each group of channels. */
export function groupNorm(l: Lowering, node: OnnxNode, groups: number): void {
  const at = l.attributes(node);
  const x = l.view(node);
  const shape = shapeOf(x);
  const [gain, shift] = [1, 2].map(place => l.known(node, place));
  const split = [groups, sizeOf(shape) / groups];
  const y = standardise(l, reshapeTo(l, x, split), 1, at.number('epsilon', 1e-5));
  const whole = reshapeTo(l, y, shape);
  const along = (c: Nd): Nd => {
    const size = shape[1];
    const rest = shape.slice(2).map(() => 1);
    const wide = c.size === size ? [size, ...rest] : [groups, 1];
    if (c.size !== size) throw onnxProblem('a gain for each group');
    return { ...c, shape: wide };
  };
  l.give(node, plus(l, times(l, whole, along(gain)), along(shift)));
}

export function softmax(l: Lowering, node: OnnxNode): void {
  const { ops } = l;
  const at = l.attributes(node);
  const x = l.view(node);
  const old = l.graph.opset < 13;
  const axis = axisOf(at.number('axis', old ? 1 : -1), x.dims.length);
  const shape = shapeOf(x);
  // Before opset 13 all dimensions from the axis on are one.
  const dims = old ? shape.map((_, d) => d).slice(axis) : [axis];
  const own = innermost(l, x, dims);
  const { rows, rowLength } = ops.sizes(own);
  const length = sizeOf(dims.map(d => shape[d]));
  const scale = own.factor === 1 ? {} : { scale: own.factor };
  const sizes = { rows, rowLength: length, batch: rowLength / length, ...scale };
  l.give(node, { ...own, op: ops.b.vector(ops.place('softmax'), 'softmax', [own.op!], sizes), factor: 1 });
}

export function logSoftmax(l: Lowering, node: OnnxNode): void {
  softmax(l, node);
  l.give(node, formula(l, l.view({ ...node, in: [node.out[0]] }), 'log'));
}

type Kind = 'sum' | 'mean' | 'max' | 'min';

/** A sum of something of each value. */
export function reduceOf(l: Lowering, node: OnnxNode, of: (x: View) => View): void {
  const name = `${node.out[0]} of`;
  l.values.set(name, { kind: 'view', view: of(l.view(node)) });
  reduce(l, node, 'sum', name);
}

export function reduce(l: Lowering, node: OnnxNode, kind: Kind, input = node.in[0]): void {
  const at = l.attributes(node);
  const told = axesOf(l.constant(node, 1), at);
  const x = l.view({ op: node.op, in: [input], out: node.out });
  const shape = shapeOf(x);
  const none = told === undefined || told.length === 0;
  const noop = at.number('noop_with_empty_axes', 0) === 1;
  if (none && noop) {
    l.give(node, x);
    return;
  }
  const axes = (none ? shape.map((_, d) => d) : told).map(a => axisOf(a, shape.length));
  const y = reduced(l, x, axes, kind);
  const keep = at.number('keepdims', 1) === 1;
  l.give(
    node,
    keep
      ? y
      : redimensioned(
          y,
          shape.filter((_, d) => !axes.includes(d)),
        ),
  );
}

/** Along the rows where these are all that is reduced, else along segments of each row. */
export function reduced(l: Lowering, given: View, axes: readonly number[], kind: Kind): View {
  const { ops } = l;
  const negative = given.factor < 0 && (kind === 'max' || kind === 'min');
  const x = negative ? ops.unscaled(given) : given;
  const inner = axes.flatMap(d => x.dims[d]);
  const dims = x.dims.map((atoms, d) => (axes.includes(d) ? [] : atoms));
  if (inner.length === 0) return { ...x, dims };
  const own = ops.settled(x);
  const fresh = axes.flatMap(d => own.dims[d]);
  const rows = own.rows.filter(a => a.of > 1);
  const onRows = rows.length > 0 && rows.length === fresh.length && rows.every(a => fresh.includes(a));
  const factor = kind === 'sum' && onRows ? x.factor * taken(rows) : x.factor;
  const left = (view: View): View => ({
    ...view,
    dims: view.dims.map((atoms, d) => (axes.includes(d) ? [] : atoms)),
  });
  if (onRows && (kind === 'mean' || kind === 'sum')) {
    const sizes = ops.sizes(own);
    const id = ops.b.vector(ops.place('mean'), 'mean', [own.op!], sizes);
    return left({ ...own, op: id, rows: [], factor });
  }
  const y = innermost(l, x, axes);
  const length = sizeOf(axes.map(d => shapeOf(y)[d]));
  const sizes = ops.sizes(y);
  const shape = { rows: sizes.rows, rowLength: length, batch: sizes.rowLength / length, formula: kind };
  const id = ops.b.vector(ops.place(kind), 'rowreduce', [y.op!], shape);
  const gone = axes.flatMap(d => y.dims[d]);
  const columns: readonly Atom[] = y.columns.filter(a => !gone.includes(a));
  return left({ ...y, op: id, columns });
}
