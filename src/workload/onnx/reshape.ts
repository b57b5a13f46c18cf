/** Nodes that move values without arithmetic: most only change which dimension is made of what. */

import { broadcastShape } from './arrays.ts';
import { joined } from './concat.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, sizeOf, wholes } from './nd.ts';
import { part, plain } from './plain.ts';
import { onnxProblem } from './problem.ts';
import {
  axesOf,
  axisOf,
  type Cut,
  cutsOf,
  reshapeTarget,
  splitSizes,
  squeezed,
  unsqueezed,
} from './shapes.ts';
import { atom, folded, redimensioned, shapeOf, stored, turned, type View } from './view.ts';

/** The same values under another shape. */
export function reshapeTo(l: Lowering, view: View, shape: readonly number[]): View {
  if (sizeOf(shape) !== sizeOf(shapeOf(view)))
    throw onnxProblem(`[${shapeOf(view).join(', ')}] cannot become [${shape.join(', ')}]`);
  const own = folded(view, shape);
  if (own !== undefined) return own;
  const flat = plain(l, view);
  const whole = atom(stored(flat.rows) * stored(flat.columns));
  const op = l.ops.arrange(
    { ...flat, rows: flat.rows, columns: flat.columns },
    [],
    [...flat.rows, ...flat.columns],
  );
  const one: View = { op: op.op, rows: [], columns: [whole], dims: [[whole]], factor: view.factor };
  const y = folded(one, shape);
  if (y === undefined) throw new Error('a row that cannot be folded');
  return y;
}

export function reshape(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const zero = l.attributes(node).number('allowzero', 0) === 1;
  l.give(node, reshapeTo(l, view, reshapeTarget(shapeOf(view), wholes(l.known(node, 1), 'Reshape'), zero)));
}

export function flatten(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const shape = shapeOf(view);
  const axis = l.attributes(node).number('axis', 1);
  const place = axis < 0 ? axis + shape.length : axis;
  l.give(node, reshapeTo(l, view, [sizeOf(shape.slice(0, place)), sizeOf(shape.slice(place))]));
}

export function squeeze(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  l.give(node, redimensioned(view, squeezed(shapeOf(view), axesOf(l.constant(node, 1), l.attributes(node)))));
}

export function unsqueeze(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const axes = axesOf(l.constant(node, 1), l.attributes(node)) ?? [];
  l.give(node, redimensioned(view, unsqueezed(shapeOf(view), axes)));
}

export function transpose(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const at = l.attributes(node);
  const perm = at.has('perm') ? at.numbers('perm') : view.dims.map((_, d) => view.dims.length - 1 - d);
  if (
    perm.length !== view.dims.length ||
    new Set(perm).size !== perm.length ||
    perm.some(d => view.dims[d] === undefined)
  )
    throw onnxProblem(`perm [${perm.join(', ')}] of ${view.dims.length} dimensions`);
  l.give(node, turned(view, perm));
}

export function slice(l: Lowering, node: OnnxNode): void {
  let view = l.view(node);
  const operands = [undefined, ...[1, 2, 3, 4].map(place => l.constant(node, place))];
  for (const own of cutsOf(shapeOf(view), operands, l.attributes(node))) {
    if (own.size === 0) throw onnxProblem('Slice that leaves nothing');
    view = own.step === 1 ? part(l, view, own.dim, own.start, own.size) : stepped(l, view, own);
  }
  l.give(node, view);
}

/** Every `step`-th place: the first of each run of so many, where they fill the dimension; else one by one. */
function stepped(l: Lowering, view: View, { dim, start, size, step }: Cut): View {
  const shape = shapeOf(view);
  const whole = size * step;
  const first = Math.floor(start / step) * step;
  if (
    step > 0 &&
    start - first < step &&
    first + whole <= shape[dim] &&
    first === 0 &&
    shape[dim] === whole
  ) {
    const split = [...shape.slice(0, dim), size, step, ...shape.slice(dim + 1)];
    const y = part(l, reshapeTo(l, view, split), dim + 1, start, 1);
    return redimensioned(y, [...shape.slice(0, dim), size, ...shape.slice(dim + 1)]);
  }
  return picked(
    l,
    view,
    dim,
    Array.from({ length: size }, (_, i) => start + i * step),
  );
}

const MOST_PICKED = 1024;

/** These places of a dimension, in this order. */
export function picked(l: Lowering, view: View, dim: number, places: readonly number[]): View {
  if (places.length > MOST_PICKED) throw onnxProblem(`${places.length} places picked one by one`);
  const count = shapeOf(view)[dim];
  const runs: { start: number; size: number }[] = [];
  for (const place of places.map(p => (p < 0 ? p + count : p))) {
    if (!(place >= 0 && place < count)) throw onnxProblem(`place ${place} of ${count}`);
    const run = runs.at(-1);
    if (run !== undefined && run.start + run.size === place) run.size++;
    else runs.push({ start: place, size: 1 });
  }
  const whole = l.ops.unscaled(view);
  const parts = runs.map(({ start, size }) => part(l, whole, dim, start, size));
  return parts.length === 1 ? parts[0] : joined(l, parts, dim);
}

/** Channels to pixels, and back (DepthToSpace, SpaceToDepth). */
export function depthToSpace(l: Lowering, node: OnnxNode): void {
  const at = l.attributes(node);
  const [size, mode] = [at.number('blocksize'), at.text('mode', 'DCR')];
  const view = l.view(node);
  const [n, c, h, w] = shapeOf(view);
  const rest = c / (size * size);
  const first = mode === 'DCR';
  if (!first && mode !== 'CRD') throw onnxProblem(`mode ${mode}`);
  const apart = reshapeTo(l, view, first ? [n, size, size, rest, h, w] : [n, rest, size, size, h, w]);
  const y = turned(apart, first ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  l.give(node, reshapeTo(l, y, [n, rest, h * size, w * size]));
}

export function spaceToDepth(l: Lowering, node: OnnxNode): void {
  const size = l.attributes(node).number('blocksize');
  const view = l.view(node);
  const [n, c, h, w] = shapeOf(view);
  const apart = reshapeTo(l, view, [n, c, h / size, size, w / size, size]);
  l.give(node, reshapeTo(l, turned(apart, [0, 3, 5, 1, 2, 4]), [n, c * size * size, h / size, w / size]));
}

export function split(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const shape = shapeOf(view);
  const at = l.attributes(node);
  const axis = axisOf(at.number('axis', 0), shape.length);
  let start = 0;
  for (const [i, size] of splitSizes(shape[axis], node.out.length, l.constant(node, 1), at).entries()) {
    if (size > 0 && node.out[i] !== '') l.give(node, part(l, view, axis, start, size), i);
    start += size;
  }
}

/** Rows of a table for the words; or places of activations. */
export function gather(l: Lowering, node: OnnxNode): void {
  const [data, index] = [l.operand(node, 0), l.operand(node, 1)];
  const axis = l.attributes(node).number('axis', 0);
  if (index.kind === 'ids') {
    if (data.kind !== 'constant' || data.nd.shape.length !== 2 || axis !== 0)
      throw onnxProblem('words choose from something else than a table');
    l.give(node, lookup(l, data.nd, index.table, index.shape));
    return;
  }
  if (data.kind !== 'view' || index.kind !== 'constant')
    throw onnxProblem('Gather by indices that are computed from the input');
  const view = data.view;
  const shape = shapeOf(view);
  const dim = axisOf(axis, shape.length);
  const places = wholes(index.nd, 'Gather');
  const y = picked(l, view, dim, places);
  const rest = [...shape.slice(0, dim), ...index.nd.shape, ...shape.slice(dim + 1)];
  l.give(node, index.nd.shape.length === 1 ? y : reshapeTo(l, y, rest));
}

function lookup(l: Lowering, table: Nd, formula: 'words' | 'types', shape: readonly number[]): View {
  const [, width] = table.shape;
  const rows = sizeOf(shape);
  const place = l.ops.place(formula);
  l.ops.constants.rows.set(place.id, table);
  const sizes = { rows, rowLength: width, parameters: table.size, formula };
  const id = l.ops.b.vector(place, 'lookup', [], sizes);
  const columns = [atom(width)];
  const tokens = rows > 1 ? [atom(rows)] : [];
  const dims = [...shape.map(size => (size > 1 ? tokens : [])), columns];
  return { op: id, rows: tokens, columns, dims, factor: 1 };
}

export function expand(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const shape = broadcastShape(shapeOf(view), wholes(l.known(node, 1), 'Expand'));
  l.give(node, l.expanded(view, shape));
}

/** Repeats of whole dimensions. */
export function tile(l: Lowering, node: OnnxNode): void {
  const view = l.view(node);
  const shape = shapeOf(view);
  const repeats = wholes(l.known(node, 1), 'Tile');
  const twice = (sizes: readonly number[], own: readonly number[]) => sizes.flatMap((s, d) => [s, own[d]]);
  const apart = reshapeTo(
    l,
    view,
    twice(
      shape.map(() => 1),
      shape,
    ),
  );
  const grown = l.expanded(apart, twice(repeats, shape));
  l.give(
    node,
    reshapeTo(
      l,
      grown,
      shape.map((size, d) => size * repeats[d]),
    ),
  );
}
