/** x times the logistic function of scale x: SiLU with scale 1 (Elfwing et al., arXiv 1702.03118), CLIP's quick GELU with 1.702 (arXiv 1606.08415, section 2; openai/CLIP model.py). */
import { elementwise, type FunctionShape, type VectorFunction } from '../vector-function.ts';

const value = ({ scale = 1 }: FunctionShape) => {
  return (x: number): number => x / (1 + Math.exp(-scale * x));
};

export const vectorFunction = {
  name: 'swish',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale'],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: true,
    why: "the gelu entry is ISAAC's look-up table of the sigmoid, here with one product an element (assumed: in the same pass)",
  },
  arithmetic: elementwise(value),
  gradient: {
    value,
    derivative: ({ scale = 1 }) => {
      return x => {
        const s = 1 / (1 + Math.exp(-scale * x));
        return s + scale * x * s * (1 - s);
      };
    },
  },
} as const satisfies VectorFunction;
