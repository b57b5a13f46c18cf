/** A view as a matrix in the order of its tensor, and parts of views. */
import type { Lowering } from './lowering.ts';
import { atom, cut, shapeOf, type View } from './view.ts';

/** One atom for each dimension, in the order of the tensor. */
export function plain(l: Lowering, view: View): View {
  const { op, factor } = l.ops.plainOrder(view, view.dims.length - 1);
  const dims = shapeOf(view).map(size => (size > 1 ? [atom(size)] : []));
  return { op, rows: dims.slice(0, -1).flat(), columns: dims.slice(-1).flat(), dims, factor };
}

/** Places `start` to `start + size` of a dimension. */
export function part(l: Lowering, view: View, dim: number, start: number, size: number): View {
  const own = cut(view, dim, start, size);
  if (own !== undefined) return own;
  const next = cut(plain(l, view), dim, start, size);
  if (next === undefined) throw new Error('a dimension that cannot be cut');
  return next;
}
