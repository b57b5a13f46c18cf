/** scale * x + offset. */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'scale',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'offset'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one product and one sum an element: one pass, as an addition',
  },
  arithmetic: elementwise(({ scale = 1, offset = 0 }) => {
    return x => scale * x + offset;
  }),
  gradient: 'kernel',
} as const satisfies VectorFunction;
