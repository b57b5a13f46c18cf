/** Each row segment over its sum and eps: the second half of doubly-normalised attention (arXiv 2009.14308; its order as in MenghaoGuo/EANet), fastmax's rows (arXiv 2402.07901). */
import { bySegment, dot, segmentBackward } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'rownorm',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['eps'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'a sum and a factor: the two passes of a LayerNorm without its variance',
  },
  arithmetic: op => {
    const { eps = 0 } = op;
    return bySegment(op, (from, to, at, length) => {
      let sum = eps;
      for (let i = at; i < at + length; i++) sum += from[i];
      for (let i = at; i < at + length; i++) to[i] = from[i] / sum;
    });
  },
  gradient: {
    backward: op => {
      const { eps = 0 } = op;
      return segmentBackward(op, ({ x, y, by, into }, at, length) => {
        let sum = eps;
        for (let i = at; i < at + length; i++) sum += x[i];
        const along = dot(y, by, at, length);
        for (let i = at; i < at + length; i++) into[i] += (by[i] - along) / sum;
      });
    },
  },
} as const satisfies VectorFunction;
