/** Tensors one behind the other: learned rows in front of tokens, and any others. */
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import type { Nd } from './nd.ts';
import { part, plain } from './plain.ts';
import { onnxProblem } from './problem.ts';
import { axisOf } from './shapes.ts';
import { type Atom, atom, shapeOf, stored, taken, type View } from './view.ts';

/** Tensors one behind the other along a dimension. */
export function concat(l: Lowering, node: OnnxNode): void {
  const all = node.in.map((_, place) => l.operand(node, place));
  // A cache that holds nothing yet.
  const values = all.filter(value => !l.shape(value).includes(0));
  const shapes = values.map(value => l.shape(value));
  const dim = axisOf(l.attributes(node).number('axis'), shapes[0].length);
  if (values.length === 1 && values[0].kind === 'view') {
    l.give(node, values[0].view);
    return;
  }
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
