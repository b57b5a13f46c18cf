/** max(0, x) (Nair & Hinton, ICML 2010). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'relu',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one comparison an element: one pass, as an addition',
  },
  arithmetic: elementwise(() => x => (x > 0 ? x : 0)),
  gradient: 'kernel',
} as const satisfies VectorFunction;
