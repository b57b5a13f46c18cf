/** Logistic function of scaled, shifted values, 1 / (1 + e^-(scale x + offset)): sigmoid attention's map (Ramapuram et al., arXiv 2409.04431). */
import { elementwise, type FunctionShape, type VectorFunction } from '../vector-function.ts';

const value = ({ scale = 1, offset = 0 }: FunctionShape) => {
  return (x: number): number => 1 / (1 + Math.exp(-(scale * x + offset)));
};

export const vectorFunction = {
  name: 'sigmoid',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'offset'],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: false,
    why: "the gelu entry is ISAAC's look-up table of the sigmoid; the paper's account leaves out no attention",
  },
  arithmetic: elementwise(value),
  gradient: {
    value,
    derivative: ({ scale = 1 }) => {
      return (_, y) => scale * y * (1 - y);
    },
  },
} as const satisfies VectorFunction;
