/** a / (b + eps): what linear attention divides by, the sum of its keys' weights (arXiv 2006.16236), and any other quotient. */
import { secondBackward, withSecond } from '../second-operand.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'divide',
  reduction: 'none',
  gives: 'rows',
  learns: 'factors',
  options: ['eps', 'second'],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: true,
    why: 'a reciprocal by a look-up table, as the gelu entry is, with one product an element (assumed: in the same pass)',
  },
  arithmetic: (op, learned) => {
    const { eps = 0 } = op;
    return withSecond(op, learned, (a, b) => a / (b + eps));
  },
  gradient: {
    backward: op => {
      const { eps = 0 } = op;
      return secondBackward(
        op,
        (_, b) => 1 / (b + eps),
        (a, b) => -a / ((b + eps) * (b + eps)),
      );
    },
  },
} as const satisfies VectorFunction;
