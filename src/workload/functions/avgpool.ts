/** Mean of each window; zeros of the padding count, as PyTorch's count_include_pad has it by default. */
import { pooled } from '../pooling.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'avgpool',
  reduction: 'column',
  gives: 'windows',
  learns: 'nothing',
  options: ['window'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one addition for each element of each window (assumed: the division by a power of two, or in the same pass)',
  },
  arithmetic: op =>
    pooled(
      op,
      0,
      (sum, value) => sum + value,
      (sum, taps) => sum / taps,
    ),
  gradient: 'refused',
} as const satisfies VectorFunction;
