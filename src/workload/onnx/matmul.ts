/** Matrix products: with a constant (known weights), with a constant for each head or group, and of two activations. */
import { reshaped, transposed } from './arrays.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering, Value } from './lowering.ts';
import { type Nd, sizeOf } from './nd.ts';
import { plain } from './plain.ts';
import { plus } from './pointwise.ts';
import { onnxProblem } from './problem.ts';
import { reshapeTo } from './reshape.ts';
import { type Atom, aligned, atom, shapeOf, taken, turned, type View } from './view.ts';

const last = (shape: readonly number[]): number => shape[shape.length - 1];

export function matmul(l: Lowering, node: OnnxNode): void {
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  if (a.kind === 'view' && b.kind === 'constant') l.give(node, known(l, a.view, b.nd));
  else if (a.kind === 'constant' && b.kind === 'view') {
    const x = b.view;
    const swap = (rank: number) =>
      Array.from({ length: rank }, (_, d) => (d < rank - 2 ? d : 2 * rank - 3 - d));
    const w = transposed(a.nd, swap(a.nd.shape.length));
    const y = known(l, turned(x, swap(x.dims.length)), w);
    l.give(node, turned(y, swap(y.dims.length)));
  } else if (a.kind === 'view' && b.kind === 'view') l.give(node, dynamic(l, a.view, b.view));
  else throw onnxProblem('arithmetic on the numbers of words');
}

/** x (..., k) times a constant (k, n), or one for each place of a dimension before. */
function known(l: Lowering, given: View, c: Nd): View {
  const shape = shapeOf(given);
  if (c.shape.length === 1) throw onnxProblem('MatMul with a constant vector');
  const [k, n] = c.shape.slice(-2);
  if (shape.length < 1 || last(shape) !== k)
    throw onnxProblem(`MatMul: [${shape.join(', ')}] times [${c.shape.join(', ')}]`);
  if (sizeOf(c.shape) === k * n) return linear(l, given, reshaped(c, [k, n]));
  return groups(l, given, c);
}

/** x (..., k) times a matrix (k, n). */
function linear(l: Lowering, given: View, weight: Nd, bias?: Nd): View {
  const { ops } = l;
  const [k, n] = weight.shape;
  const x = given.factor === 1 || bias === undefined ? given : ops.unscaled(given);
  const columns = x.dims[x.dims.length - 1];
  const rows = [...x.rows, ...x.columns].filter(a => !columns.includes(a) && x.dims.some(d => d.includes(a)));
  const own = ops.arrange(x, rows, columns);
  const place = ops.holds(ops.place(), weight, bias);
  const id = ops.b.linear(place, own.op!, { rows: taken(own.rows), in: k, out: n, bias: bias !== undefined });
  const out = n > 1 ? [atom(n)] : [];
  return { op: id, rows: own.rows, columns: out, dims: [...own.dims.slice(0, -1), out], factor: own.factor };
}

/** x (..., g, m, k) times (g, k, n): a matrix for each place of a dimension. */
function groups(l: Lowering, x: View, c: Nd): View {
  const { ops } = l;
  const lead = c.shape.slice(0, -2);
  const [k, n] = c.shape.slice(-2);
  const g = sizeOf(lead);
  const shape = shapeOf(x);
  const at = lead.findIndex(size => size > 1);
  const d = shape.length - 2 - (lead.length - at);
  if (d < 0 || g !== lead[at] || shape[d] !== g)
    throw onnxProblem(`MatMul: [${shape.join(', ')}] times [${c.shape.join(', ')}]`);
  const [group, columns] = [x.dims[d], x.dims[x.dims.length - 1]];
  const rows = [...x.rows, ...x.columns].filter(
    a => !columns.includes(a) && !group.includes(a) && x.dims.some(e => e.includes(a)),
  );
  const own = ops.arrange(x, rows, [...group, ...columns]);
  // Taps of all groups, as a grouped op holds its weights: in x (groups out).
  const weight = reshaped(transposed(reshaped(c, [g, k, n]), [1, 0, 2]), [k, g * n]);
  const place = ops.holds(ops.place(), weight);
  const id = ops.b.grouped(place, own.op!, { rows: taken(own.rows), groups: g, in: k, out: n, bias: false });
  const out = n > 1 ? [atom(n)] : [];
  const kept = own.dims[d];
  return {
    op: id,
    rows: own.rows,
    columns: [...kept, ...out],
    dims: [...own.dims.slice(0, -1), out],
    factor: x.factor,
  };
}

/** a (..., m, k) times b (..., k, n), both activations. */
function dynamic(l: Lowering, a: View, b: View): View {
  const { ops } = l;
  const [sa, sb] = [shapeOf(a), shapeOf(b)];
  if (sa.length < 2 || sb.length < 2 || last(sa) !== sb[sb.length - 2])
    throw onnxProblem(`MatMul: [${sa.join(', ')}] times [${sb.join(', ')}]`);
  const rank = Math.max(sa.length, sb.length);
  const wide = (view: View): View => ({
    ...view,
    dims: [...new Array<[]>(rank - view.dims.length).fill([]), ...view.dims],
  });
  const lead = Array.from({ length: rank - 2 }, (_, d) =>
    Math.max(sa[d - rank + sa.length] ?? 1, sb[d - rank + sb.length] ?? 1),
  );
  const full = (view: View): View => l.expanded(wide(view), [...lead, ...shapeOf(view).slice(-2)]);
  const [p, q] = [full(a), full(b)];
  // Heads and the inner dimension must be cut alike.
  const own = (view: View, inner: number): View => ({
    ...view,
    dims: [...view.dims.slice(0, -2), view.dims[inner]],
  });
  const pair = aligned(own(p, rank - 1), own(q, rank - 2));
  const [x, y] = pair ?? [own(plain(l, p), rank - 1), own(plain(l, q), rank - 2)];
  const settledP = pair === undefined ? plain(l, p) : p;
  const settledQ = pair === undefined ? plain(l, q) : q;
  return product(l, withDims(x, settledP, rank - 2), withDims(y, settledQ, rank - 1));

  /** The aligned dimensions, and the one that was left out. */
  function withDims(view: View, from: View, free: number): Product {
    const heads = view.dims.slice(0, -1);
    return { view, heads, inner: view.dims[view.dims.length - 1], free: from.dims[free] };
  }

  function product(_: Lowering, s: Product, t: Product): View {
    const present = [...s.view.rows, ...s.view.columns];
    const flat = s.heads.flat();
    const order = present.filter(h => flat.includes(h));
    const theirs = t.heads.flat();
    const orderB = order.map(h => theirs[flat.indexOf(h)]);
    const streamed = ops.arrange(all(s), s.free, [...order, ...s.inner]);
    const turnedFree = ops.follows(all(t), t.free, [...orderB, ...t.inner]);
    const stationary = turnedFree
      ? ops.arrange(all(t), t.free, [...orderB, ...t.inner])
      : ops.arrange(all(t), t.inner, [...orderB, ...t.free]);
    const sizes = {
      batch: taken(order),
      m: taken(s.free),
      k: taken(s.inner),
      n: taken(t.free),
      transposed: turnedFree,
    };
    const id = ops.b.dynamic(ops.place(), streamed.op!, stationary.op!, sizes);
    const heads = order.map(({ size }) => atom(size));
    const [m, n] = [s.free, t.free].map(atoms => atoms.map(({ size }) => atom(size)));
    const dims = [...s.heads.map(atoms => atoms.map(h => heads[order.indexOf(h)])), m, n];
    return { op: id, rows: m, columns: [...heads, ...n], dims, factor: s.view.factor * t.view.factor };
  }
}

interface Product {
  readonly view: View;
  readonly heads: readonly (readonly Atom[])[];
  readonly inner: readonly Atom[];
  readonly free: readonly Atom[];
}

const all = ({ view, heads, inner, free }: Product): View => ({ ...view, dims: [...heads, inner, free] });

/** alpha A B + beta C. */
export function gemm(l: Lowering, node: OnnxNode): void {
  const at = l.attributes(node);
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  const c = l.optional(node, 2);
  const alpha = at.number('alpha', 1);
  const beta = at.number('beta', 1);
  if (a.kind !== 'view') throw onnxProblem('Gemm of a constant');
  const x = at.number('transA', 0) === 1 ? turned(a.view, [1, 0]) : a.view;
  const swap = at.number('transB', 0) === 1;
  let y: View;
  if (b.kind === 'constant') y = known(l, x, swap ? transposed(b.nd, [1, 0]) : b.nd);
  else if (b.kind === 'view') y = dynamic(l, x, swap ? turned(b.view, [1, 0]) : b.view);
  else throw onnxProblem('arithmetic on the numbers of words');
  y = { ...y, factor: y.factor * alpha };
  if (c === undefined || beta === 0) l.give(node, y);
  else if (c.kind === 'constant') l.give(node, plus(l, y, beta === 1 ? c.nd : scaledBy(c.nd, beta)));
  else throw onnxProblem('Gemm that adds activations');
}

/** A product by letters: those of both operands and the result are heads, those of both operands alone are summed over. */
export function einsum(l: Lowering, node: OnnxNode): void {
  const [left, output] = l.attributes(node).text('equation').replace(/\s/g, '').split('->');
  const names = left.split(',');
  if (names.length !== 2 || output === undefined || /[^a-zA-Z]/.test(left.replace(',', '') + output))
    throw onnxProblem(`Einsum ${left}`);
  const [x, y] = names;
  const both = (text: string): string => [...text].filter(c => x.includes(c) && y.includes(c)).join('');
  const heads = both(output);
  const inner = [...both(x)].filter(c => !output.includes(c)).join('');
  const [rows, columns] = [x, y].map(own =>
    [...own].filter(c => !heads.includes(c) && !inner.includes(c)).join(''),
  );
  if ([...rows, ...columns].some(c => !output.includes(c)))
    throw onnxProblem(`Einsum ${left}: a sum over one operand`);
  const sizes = new Map<string, number>();
  const ordered = (place: number, own: string, order: readonly string[]): Value => {
    const value = l.operand(node, place);
    const shape = l.shape(value);
    if (shape.length !== own.length) throw onnxProblem(`Einsum ${left}: [${shape.join(', ')}] for ${own}`);
    for (const [d, c] of [...own].entries()) sizes.set(c, shape[d]);
    const perm = order.flatMap(part => [...part]).map(c => own.indexOf(c));
    const wanted = order.map(part => sizeOf([...part].map(c => sizes.get(c)!)));
    if (value.kind === 'constant')
      return { kind: 'constant', nd: reshaped(transposed(value.nd, perm), wanted) };
    if (value.kind !== 'view') throw onnxProblem('arithmetic on the numbers of words');
    return { kind: 'view', view: reshapeTo(l, turned(value.view, perm), wanted) };
  };
  const a = ordered(0, x, [heads, rows, inner]);
  const b = ordered(1, y, [heads, inner, columns]);
  const name = node.out[0];
  l.values.set(`${name} a`, a);
  l.values.set(`${name} b`, b);
  matmul(l, { ...node, in: [`${name} a`, `${name} b`] });
  const made = heads + rows + columns;
  const apart = reshapeTo(
    l,
    l.view({ ...node, in: [name] }),
    [...made].map(c => sizes.get(c)!),
  );
  l.give(
    node,
    turned(
      apart,
      [...output].map(c => made.indexOf(c)),
    ),
  );
}

function scaledBy(c: Nd, by: number): Nd {
  return { ...c, key: undefined, data: () => c.data().map(value => value * by) };
}
