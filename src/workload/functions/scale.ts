/** scale * x. */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'scale',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one product an element: one pass, as an addition',
  },
  arithmetic: elementwise(({ scale = 1 }) => {
    return x => scale * x;
  }),
  gradient: 'kernel',
} as const satisfies VectorFunction;
