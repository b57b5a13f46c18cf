/** a + scale * b: residual sums, or a learned matrix in place of b (position embeddings). */
import { withSecond } from '../second-operand.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'add',
  reduction: 'none',
  gives: 'rows',
  learns: 'rows',
  options: ['scale', 'second'],
  cost: { unit: 'vector', entry: 'add', omitted: true, why: 'an entry of its own' },
  arithmetic: (op, learned) => {
    const { scale = 1 } = op;
    return withSecond(op, learned, (a, b) => a + scale * b);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
