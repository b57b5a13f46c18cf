/** Each row segment over its Euclidean length, or over eps where that is larger (PyTorch's functional.normalize). */
import { bySegment, squares } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'l2norm',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['eps'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'a sum of squares, a root and a factor: the two passes of a LayerNorm without its mean',
  },
  arithmetic: op => {
    const { id, eps } = op;
    if (eps === undefined) throw new Error(`${id}: an l2norm without eps`);
    return bySegment(op, (from, to, at, length) => {
      const size = Math.max(Math.sqrt(squares(from, at, length)), eps);
      for (let i = at; i < at + length; i++) to[i] = from[i] / size;
    });
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
