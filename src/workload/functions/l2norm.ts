/** Each row segment over its Euclidean length, or over eps where that is larger (PyTorch's functional.normalize). */
import { bySegment, dot, segmentBackward, squares } from '../segments.ts';
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
  gradient: {
    backward: op => {
      const { eps = 0 } = op;
      return segmentBackward(op, ({ x, y, by, into }, at, length) => {
        const size = Math.sqrt(squares(x, at, length));
        const along = size > eps ? dot(y, by, at, length) : 0;
        for (let i = at; i < at + length; i++) into[i] += (by[i] - along * y[i]) / Math.max(size, eps);
      });
    },
  },
} as const satisfies VectorFunction;
