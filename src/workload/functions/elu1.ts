/** elu(x) + 1: the positive features of linear attention (arXiv 2006.16236, Eq. 7). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

const value = () => {
  return (x: number): number => (x > 0 ? x + 1 : Math.exp(x));
};

export const vectorFunction = {
  name: 'elu1',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: true,
    why: 'an exponential by a look-up table, as the gelu entry is',
  },
  arithmetic: elementwise(value),
  gradient: {
    value,
    derivative: () => {
      return (x, y) => (x > 0 ? 1 : y);
    },
  },
} as const satisfies VectorFunction;
