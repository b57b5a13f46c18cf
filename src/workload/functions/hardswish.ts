/** x min(max(x + 3, 0), 6) / 6 (MobileNetV3, arXiv 1905.02244). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

const value = () => {
  return (x: number): number => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6);
};

export const vectorFunction = {
  name: 'hardswish',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: true,
    why: "as swish, by the gelu entry's look-up table (assumed: an adder, a clamp and a product take no less)",
  },
  arithmetic: elementwise(value),
  gradient: {
    value,
    derivative: () => {
      return x => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6);
    },
  },
} as const satisfies VectorFunction;
