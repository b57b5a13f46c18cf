/** e^(a + scale * b): positive features of a vector, a of its products with random ones and b of its length (Performer, arXiv 2009.14794). */
import { secondBackward, withSecond } from '../second-operand.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'exponential',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'second'],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: false,
    why: "a look-up an element, as the gelu entry is, of a sum (assumed: in the same pass); the paper's account leaves out no attention",
  },
  arithmetic: (op, learned) => {
    const { scale = 1 } = op;
    return withSecond(op, learned, (a, b) => Math.exp(a + scale * b));
  },
  gradient: {
    backward: op => {
      const { scale = 1 } = op;
      return secondBackward(
        op,
        (a, b) => Math.exp(a + scale * b),
        (a, b) => scale * Math.exp(a + scale * b),
      );
    },
  },
} as const satisfies VectorFunction;
