/** Largest value of each window; padding is never the largest, as in PyTorch. */
import { pooled } from '../pooling.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'maxpool',
  reduction: 'column',
  gives: 'windows',
  learns: 'nothing',
  options: ['window'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one comparison for each element of each window: one pass, as an addition',
  },
  arithmetic: op =>
    pooled(
      op,
      Number.NEGATIVE_INFINITY,
      (most, value) => (value > most ? value : most),
      most => most,
    ),
  gradient: 'refused',
} as const satisfies VectorFunction;
