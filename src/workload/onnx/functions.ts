/** Functions of single values as ops. */
import type { Formula } from '../functions/pointwise.ts';
import type { Lowering } from './lowering.ts';
import type { View } from './view.ts';

/** A function of single values. */
export function formula(l: Lowering, given: View, name: Formula, numbers: readonly number[] = []): View {
  const x = l.ops.settled(l.ops.unscaled(given));
  const { rows, rowLength } = l.ops.sizes(x);
  const shape = { rows, rowLength, formula: name, ...(numbers.length > 0 && { numbers }) };
  return { ...x, op: l.ops.b.vector(l.ops.place(name), 'pointwise', [x.op!], shape) };
}

/** A function that the vocabulary has by itself. */
export function named(
  l: Lowering,
  given: View,
  fn: 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'swish' | 'hardswish',
  options: { approximate?: 'tanh'; scale?: number } = {},
): View {
  const x = l.ops.settled(l.ops.unscaled(given));
  const { rows, rowLength } = l.ops.sizes(x);
  return { ...x, op: l.ops.b.vector(l.ops.place(fn), fn, [x.op!], { rows, rowLength, ...options }) };
}
