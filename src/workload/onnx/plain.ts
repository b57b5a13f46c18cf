/** A view as a matrix in the order of its tensor. */
import type { Lowering } from './lowering.ts';
import { atom, shapeOf, type View } from './view.ts';

/** One atom for each dimension, in the order of the tensor. */
export function plain(l: Lowering, view: View): View {
  const { op, factor } = l.ops.plainOrder(view, view.dims.length - 1);
  const dims = shapeOf(view).map(size => (size > 1 ? [atom(size)] : []));
  return { op, rows: dims.slice(0, -1).flat(), columns: dims.slice(-1).flat(), dims, factor };
}
