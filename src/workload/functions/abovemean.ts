/** 1 where a value is above the mean of all values of its matrix, 0 elsewhere: ShiftAddViT's binary queries and keys (arXiv 2306.06446; GATECH-EIC/ShiftAddViT pvt_v2.py). */
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'abovemean',
  reduction: 'column',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: false,
    why: "a sum, then a comparison an element: the two passes of a LayerNorm; the paper's account leaves out no attention",
  },
  arithmetic: () => {
    return ([x]) => {
      let sum = 0;
      for (const value of x.data) sum += value;
      const mean = sum / x.data.length;
      return { ...x, data: x.data.map(value => (value > mean ? 1 : 0)) };
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
