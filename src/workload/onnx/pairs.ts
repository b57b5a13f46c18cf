/** Sums and products of two activations, of which one may be smaller. */
import { broadcastShape } from './arrays.ts';
import type { Lowering } from './lowering.ts';
import { aligned, shapeOf, taken, type View } from './view.ts';

export const sumOf = (l: Lowering, a: View, b: View): View => {
  const [x, y] = largerFirst(a, b);
  const scale = y.factor / x.factor;
  return paired(l, 'add', x, { ...y, factor: 1 }, scale === 1 ? {} : { scale });
};

export const product = (l: Lowering, a: View, b: View): View => {
  const [x, y] = largerFirst(a, b);
  return { ...paired(l, 'multiply', x, y, {}), factor: a.factor * b.factor };
};

function largerFirst(a: View, b: View): readonly [View, View] {
  return taken(a.dims.flat()) >= taken(b.dims.flat()) ? [a, b] : [b, a];
}

/** fn of two activations; the second may be smaller. Its factor counts for `divide` alone. */
export function paired(
  l: Lowering,
  fn: 'add' | 'multiply' | 'divide',
  a: View,
  b: View,
  options: { scale?: number },
): View {
  const { ops } = l;
  const shape = broadcastShape(shapeOf(a), shapeOf(b));
  const x = shapeOf(a).join() === shape.join() ? ops.settled(a) : ops.settled(l.expanded(a, shape));
  const factor = fn === 'divide' ? x.factor / b.factor : x.factor;
  const lead = shape.length - b.dims.length;
  const small = { ...b, dims: [...new Array<[]>(lead).fill([]), ...b.dims] };
  const full = shape.map((size, d) => taken(small.dims[d]) === size);
  if (full.some((is, d) => !is && shape[d] > 1)) {
    const part = alone(l, { fn, options }, x, small, full);
    if (part !== undefined) return { ...part, factor };
  }
  const grownSmall = full.every((is, d) => is || shape[d] === 1) ? small : l.expanded(small, shape);
  const [first, second] = l.together(x, grownSmall);
  const { rows, rowLength } = ops.sizes(first);
  const id = ops.b.vector(ops.place(fn), fn, [first.op!, second.op!], { rows, rowLength, ...options });
  return { ...first, op: id, factor };
}

/** A smaller operand that is one row for all, or one value for each row and segment; undefined where it is neither. */
function alone(
  l: Lowering,
  {
    fn,
    options,
  }: { readonly fn: 'add' | 'multiply' | 'divide'; readonly options: { readonly scale?: number } },
  x: View,
  small: View,
  full: readonly boolean[],
): View | undefined {
  const { ops } = l;
  // Only the dimensions that both have must be cut into the same atoms.
  const shared = aligned(
    { ...x, dims: x.dims.filter((_, d) => full[d]) },
    { ...small, dims: small.dims.filter((_, d) => full[d]) },
  );
  if (shared === undefined) return undefined;
  const [y, z] = shared;
  const mine = y.dims.flat();
  const theirs = z.dims.flat();
  const other = (atoms: readonly (typeof mine)[number][]) => atoms.map(a => theirs[mine.indexOf(a)]);
  const dims = () => {
    let at = 0;
    return x.dims.map((atoms, d) => (full[d] ? y.dims[at++] : atoms));
  };
  const rows = y.rows.filter(a => a.of > 1);
  const columns = y.columns.filter(a => a.of > 1);
  const sizes = ops.sizes(x);
  if (mine.length === columns.length && columns.every(a => mine.includes(a))) {
    const row = ops.arrange(z, [], other(columns));
    const shape = { ...sizes, second: 'row' as const, ...options };
    const id = ops.b.vector(ops.place(fn), fn, [x.op!, row.op!], shape);
    return { ...y, op: id, dims: dims() };
  }
  const leading = columns.slice(0, mine.length - rows.length);
  if (mine.length < rows.length || ![...rows, ...leading].every(a => mine.includes(a))) return undefined;
  const part = ops.arrange(z, other(rows), other(leading));
  const batch = taken(leading);
  const shape = {
    rows: sizes.rows,
    rowLength: sizes.rowLength / batch,
    batch,
    second: 'segment' as const,
    ...options,
  };
  const id = ops.b.vector(ops.place(fn), fn, [x.op!, part.op!], shape);
  return { ...y, op: id, dims: dims() };
}
