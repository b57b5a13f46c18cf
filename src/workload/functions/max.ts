/** Largest value of each column: LV-ViT's best patch of each class (arXiv 2104.10858). */
import { type Matrix, zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

/** Largest value of each column: 1 x columns. */
export function columnMax(x: Matrix): Matrix {
  const y = zeros(1, x.columns);
  y.data.fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < x.data.length; i++) {
    const j = i % x.columns;
    if (x.data[i] > y.data[j]) y.data[j] = x.data[i];
  }
  return y;
}

export const vectorFunction = {
  name: 'max',
  reduction: 'column',
  gives: 'one row',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one comparison an element: one pass, as an addition',
  },
  arithmetic: () => {
    return ([x]) => columnMax(x);
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
