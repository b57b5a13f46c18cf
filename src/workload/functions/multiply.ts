/** a * b, value by value: a gate and what it lets through (gated linear units, Shazeer, arXiv 2002.05202), or learned factors of columns (LayerScale, arXiv 2103.17239). */
import { secondBackward, withSecond } from '../second-operand.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'multiply',
  reduction: 'none',
  gives: 'rows',
  learns: 'factors',
  options: ['second'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one product an element: one pass, as an addition',
  },
  arithmetic: (op, learned) => withSecond(op, learned, (a, b) => a * b),
  gradient: {
    backward: op =>
      secondBackward(
        op,
        (_, b) => b,
        a => a,
      ),
  },
} as const satisfies VectorFunction;
