/** Nodes that move values without arithmetic: most only change which dimension is made of what. */
import {
  axesOf,
  axisOf,
  broadcastShape,
  type Cut,
  cutsOf,
  reshapeTarget,
  splitSizes,
  squeezed,
  unsqueezed,
} from './evaluate.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, sizeOf, wholes } from './nd.ts';
import { plain } from './plain.ts';
import { onnxProblem } from './problem.ts';
import {
  type Atom,
  atom,
  cut,
  folded,
  redimensioned,
  shapeOf,
  stored,
  taken,
  turned,
  type View,
} from './view.ts';

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

/** Places `start` to `start + size` of a dimension. */
export function part(l: Lowering, view: View, dim: number, start: number, size: number): View {
  const own = cut(view, dim, start, size);
  if (own !== undefined) return own;
  const next = cut(plain(l, view), dim, start, size);
  if (next === undefined) throw new Error('a dimension that cannot be cut');
  return next;
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
function picked(l: Lowering, view: View, dim: number, places: readonly number[]): View {
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

/** Tensors one behind the other along a dimension. */
export function concat(l: Lowering, node: OnnxNode): void {
  const values = node.in.map((_, place) => l.operand(node, place));
  const shapes = values.map(value => l.shape(value));
  const dim = axisOf(l.attributes(node).number('axis'), shapes[0].length);
  for (const shape of shapes)
    if (shape.length !== shapes[0].length || shape.some((size, d) => d !== dim && size !== shapes[0][d]))
      throw onnxProblem(`Concat: [${shape.join(', ')}] beside [${shapes[0].join(', ')}]`);
  const [first, ...others] = values;
  if (first.kind === 'constant' && others.length === 1 && others[0].kind === 'view') {
    const y = prepended(l, first.nd, others[0].view, dim);
    if (y !== undefined) {
      l.give(node, y);
      return;
    }
  }
  const some = values.find(value => value.kind === 'view');
  const views = values.map((value, i) => {
    if (value.kind === 'view') return l.ops.unscaled(value.view);
    if (value.kind !== 'constant' || some?.kind !== 'view')
      throw onnxProblem('Concat of the numbers of words');
    return constantView(l, value.nd, some.view, dim, shapes[i]);
  });
  l.give(node, joined(l, views, dim));
}

/** Learned rows in front of tokens; undefined where the rows are no tokens. */
function prepended(l: Lowering, c: Nd, view: View, dim: number): View | undefined {
  const x = l.ops.unscaled(view);
  const shape = shapeOf(x);
  if (shape.some((size, d) => d < dim && size > 1)) return undefined;
  const own = l.ops.arrange(x, x.dims[dim], x.dims.slice(dim + 1).flat());
  const from = taken(own.rows);
  const to = from + c.shape[dim];
  const place = l.ops.place('prepend');
  l.ops.constants.rows.set(place.id, c);
  const width = taken(own.columns);
  const at = c.learned ? place : { ...place, buffer: true as const };
  const id = l.ops.b.tokens(at, own.op!, { from, to, width, change: 'prepend', start: 0 });
  const rows = [atom(to)];
  return { ...own, op: id, rows, dims: own.dims.map((atoms, d) => (d === dim ? rows : atoms)) };
}

/** A constant as activations: nothing times a slice of some, plus the constant. */
function constantView(l: Lowering, c: Nd, like: View, dim: number, shape: readonly number[]): View {
  const room = shapeOf(like)[dim];
  const size = shape[dim];
  if (size > room) throw onnxProblem(`Concat: a constant of ${size} places behind ${room}`);
  const own = l.ops.settled(part(l, like, dim, 0, size));
  const { rows, rowLength } = l.ops.sizes(own);
  const empty = l.ops.b.vector(l.ops.place('room'), 'scale', [own.op!], { rows, rowLength, scale: 0 });
  const { second, nd } = l.beside(own, c);
  const place = l.ops.place('constant');
  l.ops.constants.rows.set(place.id, nd);
  const at = c.learned ? place : { ...place, buffer: true as const };
  const sizes = { rows, rowLength, parameters: nd.size, ...(second && { second }) };
  return { ...own, op: l.ops.b.vector(at, 'add', [empty], sizes), factor: 1 };
}

/** Views of one shape but for `dim`, one behind the other. */
export function joined(l: Lowering, views: readonly View[], dim: number): View {
  const { ops } = l;
  const [first] = views.map(view => ops.settled(view));
  // Where the dimension stands first among the rows or among the columns, nothing else moves.
  const lead = first.dims[dim];
  const others = (atoms: readonly Atom[]) => atoms.filter(a => a.of > 1 && !lead.includes(a));
  const ofRows = lead.length > 0 && first.rows.some(a => lead.includes(a));
  const rest = { rows: others(first.rows), columns: others(first.columns) };
  const without = (view: View): View => ({ ...view, dims: view.dims.filter((_, d) => d !== dim) });
  const parts = views.map((view, i) => {
    const [, mine] = i === 0 ? [first, first] : pairOf(view);
    return mine;
  });
  function pairOf(view: View): readonly [View, View] {
    const flat = without(first).dims.flat();
    const settled = ops.settled(view);
    const theirs = without(settled).dims.flat();
    const same = flat.length === theirs.length && flat.every((a, i) => a.size === theirs[i].size);
    return same ? [first, settled] : [first, plain(l, view)];
  }
  const flat = without(first).dims.flat();
  if (
    parts.some(
      one =>
        without(one)
          .dims.flat()
          .some((a, i) => a.size !== flat[i]?.size) || without(one).dims.flat().length !== flat.length,
    )
  ) {
    const all = views.map(view => plain(l, view));
    return joined(l, all, dim);
  }
  const arranged = parts.map(one => {
    const theirs = without(one).dims.flat();
    const mine = (atoms: readonly Atom[]) => atoms.map(a => theirs[flat.indexOf(a)]);
    const own = one.dims[dim];
    return ofRows
      ? ops.arrange(one, [...own, ...mine(rest.rows)], mine(rest.columns))
      : ops.arrange(one, mine(rest.rows), [...own, ...mine(rest.columns)]);
  });
  const sizes = arranged.map(one => ({ rows: stored(one.rows), columns: stored(one.columns) }));
  const sum = sizes.reduce((s, one) => s + (ofRows ? one.rows : one.columns), 0);
  const rows = ofRows ? sum : sizes[0].rows;
  const columns = ofRows ? sizes[0].columns : sum;
  const op = ops.layout(
    arranged.map(one => one.op!),
    { parts: sizes, join: ofRows ? 'rows' : 'columns', dims: [rows, columns], axes: [0, 1], rows, columns },
    !ofRows,
  );
  const total = atom(views.reduce((s, view) => s + shapeOf(view)[dim], 0));
  const [base] = arranged;
  const own = base.dims[dim];
  const list = (atoms: readonly Atom[], lead: boolean) => [
    ...(lead ? [total] : []),
    ...atoms.filter(a => !own.includes(a)),
  ];
  return {
    op,
    rows: list(base.rows, ofRows),
    columns: list(base.columns, !ofRows),
    dims: base.dims.map((atoms, d) => (d === dim ? [total] : atoms)),
    factor: 1,
  };
}
