/** Each row segment less its mean, over its biased standard deviation and eps: fastmax's queries and keys (FAST, arXiv 2402.07901). */
import { bySegment } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'standardise',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['eps'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'a LayerNorm without its gain and shift',
  },
  arithmetic: op => {
    const { id, eps } = op;
    if (eps === undefined) throw new Error(`${id}: a standardise without eps`);
    return bySegment(op, (from, to, at, length) => {
      let sum = 0;
      for (let i = at; i < at + length; i++) sum += from[i];
      const mean = sum / length;
      let squares = 0;
      for (let i = at; i < at + length; i++) squares += (from[i] - mean) ** 2;
      const size = Math.sqrt(squares / length) + eps;
      for (let i = at; i < at + length; i++) to[i] = (from[i] - mean) / size;
    });
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
