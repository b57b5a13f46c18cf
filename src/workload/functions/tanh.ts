/** Hyperbolic tangent, of BERT's pooler (arXiv 1810.04805). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'tanh',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one pass, as an addition (assumed: one row a text)',
  },
  arithmetic: elementwise(() => Math.tanh),
  gradient: 'kernel',
} as const satisfies VectorFunction;
