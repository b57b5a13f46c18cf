/**
 * An ONNX tensor of activations as it lies in a matrix of ours: the matrix's rows and columns are products of atoms, and each
 * dimension of the tensor is a list of atoms. Turning, cutting and folding dimensions only changes the lists; values move when an
 * operation needs them in another order. A batch of one image has no atoms.
 */
import { sizeOf } from './nd.ts';
import { onnxProblem } from './problem.ts';

/** A factor of the rows or columns: `size` of its `of` places from `start` on. */
export interface Atom {
  readonly of: number;
  readonly start: number;
  readonly size: number;
}

export interface View {
  /** The op that gives the matrix; null: the network's input. */
  readonly op: string | null;
  /** Slowest first. */
  readonly rows: readonly Atom[];
  readonly columns: readonly Atom[];
  /** Of the tensor, slowest first. */
  readonly dims: readonly (readonly Atom[])[];
  /** The tensor is so many times the matrix. */
  readonly factor: number;
}

export const atom = (size: number): Atom => ({ of: size, start: 0, size });

export const isCut = ({ of, size }: Atom): boolean => of !== size;

/** Places of atoms as the tensor has them. */
export const taken = (atoms: readonly Atom[]): number => sizeOf(atoms.map(({ size }) => size));

/** Places of atoms as the matrix has them. */
export const stored = (atoms: readonly Atom[]): number => sizeOf(atoms.map(({ of }) => of));

export const shapeOf = ({ dims }: View): number[] => dims.map(taken);

export const turned = (view: View, perm: readonly number[]): View => ({
  ...view,
  dims: perm.map(d => view.dims[d]),
});

/** One atom of a view as others in its place. */
function replaced(view: View, old: Atom, by: readonly Atom[]): View {
  const swap = (atoms: readonly Atom[]): readonly Atom[] =>
    atoms.includes(old) ? atoms.flatMap(a => (a === old ? by : a)) : atoms;
  return { ...view, rows: swap(view.rows), columns: swap(view.columns), dims: view.dims.map(swap) };
}

/** An atom as an outer one and an inner one of `inner` places; undefined where its cut goes through one. */
function splitAtom(a: Atom, inner: number): readonly [Atom, Atom] | undefined {
  if (a.size % inner !== 0) return undefined;
  if (!isCut(a)) return [atom(a.size / inner), atom(inner)];
  if (a.start % inner !== 0 || a.of % inner !== 0) return undefined;
  return [{ of: a.of / inner, start: a.start / inner, size: a.size / inner }, atom(inner)];
}

/** The same values under another shape; undefined where an atom cannot be split so. */
export function folded(view: View, shape: readonly number[]): View | undefined {
  let whole = view;
  let queue = view.dims.flat();
  const dims: Atom[][] = [];
  for (const size of shape) {
    const own: Atom[] = [];
    let rest = size;
    while (rest > 1) {
      const [first, ...others] = queue;
      if (first === undefined) return undefined;
      if (rest % first.size === 0) {
        own.push(first);
        rest /= first.size;
        queue = others;
        continue;
      }
      if (first.size % rest !== 0) return undefined;
      const parts = splitAtom(first, first.size / rest);
      if (parts === undefined) return undefined;
      whole = replaced({ ...whole, dims: [] }, first, parts);
      for (const list of dims) if (list.includes(first)) throw new Error('an atom of two dimensions');
      queue = [...parts, ...others];
    }
    dims.push(own);
  }
  return { ...whole, dims };
}

/** A range of one dimension; undefined where it goes through an atom. */
export function cut(view: View, dim: number, start: number, size: number): View | undefined {
  const [first, ...inner] = view.dims[dim];
  if (first === undefined || (start === 0 && size === taken(view.dims[dim]))) return view;
  const step = taken(inner);
  if (start % step !== 0 || size % step !== 0) return undefined;
  const part = { of: first.of, start: first.start + start / step, size: size / step };
  const next = replaced(view, first, [part]);
  // One place that is left is no dimension, but still stands in the matrix.
  if (part.size > 1) return next;
  return { ...next, dims: next.dims.map(atoms => atoms.filter(a => a !== part)) };
}

/** Without dimensions of 1, or with more of them. */
export function redimensioned(view: View, shape: readonly number[]): View {
  const dims = view.dims.filter(atoms => atoms.length > 0);
  const filled = shape.map(size => (size === 1 ? [] : dims.shift()));
  if (dims.length > 0 || filled.some(one => one === undefined))
    throw onnxProblem(`[${shapeOf(view).join(', ')}] cannot become [${shape.join(', ')}]`);
  return { ...view, dims: filled.map(one => one ?? []) };
}

/** Two views of one shape with every dimension cut into the same atoms; undefined where that cannot be. */
export function aligned(a: View, b: View): readonly [View, View] | undefined {
  let [x, y] = [a, b];
  for (let d = 0; d < a.dims.length; d++) {
    for (let i = 0; i < Math.max(x.dims[d].length, y.dims[d].length); i++) {
      const [p, q] = [x.dims[d][i], y.dims[d][i]];
      if (p === undefined || q === undefined) return undefined;
      if (p.size === q.size) continue;
      const [large, small] = p.size > q.size ? [p, q] : [q, p];
      const inner = large.size / small.size;
      const parts = Number.isInteger(inner) ? splitAtom(large, inner) : undefined;
      if (parts === undefined) return undefined;
      if (large === p) x = replaced(x, p, parts);
      else y = replaced(y, q, parts);
    }
  }
  return [x, y];
}

/** The atoms that count, in the order in which the matrix has them. */
export const inOrder = ({ rows, columns }: View): Atom[] => [...rows, ...columns].filter(a => a.of > 1);
