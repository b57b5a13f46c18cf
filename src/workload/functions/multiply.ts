/** a * b, value by value: a gate and what it lets through (gated linear units, Shazeer, arXiv 2002.05202). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'multiply',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one product an element: one pass, as an addition',
  },
  arithmetic: () => {
    return ([a, b]) => {
      const y = zeros(a.rows, a.columns);
      for (let i = 0; i < y.data.length; i++) y.data[i] = a.data[i] * b.data[i];
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
