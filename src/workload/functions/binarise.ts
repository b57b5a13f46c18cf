/** The sign, +1 or -1; +1 of zero: the operand of ShiftAddViT's additions (arXiv 2306.06446). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'binarise',
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
  arithmetic: elementwise(() => x => (x < 0 ? -1 : 1)),
  gradient: 'refused',
} as const satisfies VectorFunction;
