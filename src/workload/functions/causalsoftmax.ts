/** Softmax over the keys that a token may see: its own and those before it (Vaswani et al. 2017, section 3.2.3), or the last few of them (arXiv 2004.05150, section 3.1). */
import { segmentsOf } from '../causal.ts';
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'causalsoftmax',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'causal', 'entries'],
  cost: { unit: 'softmax' },
  // softmax(scale x) over the keys of each row segment that its token sees; the others get 0.
  arithmetic: op => {
    const { scale = 1, rowLength } = op;
    const segments = segmentsOf(op);
    const exponents = new Float64Array(rowLength);
    return ([x]) => {
      const y = zeros(x.rows, x.columns);
      for (const { from, to } of segments(x.rows)) {
        let largest = Number.NEGATIVE_INFINITY;
        for (let j = from; j < to; j++) largest = Math.max(largest, scale * x.data[j]);
        let sum = 0;
        for (let j = from; j < to; j++) sum += exponents[j - from] = Math.exp(scale * x.data[j] - largest);
        for (let j = from; j < to; j++) y.data[j] = exponents[j - from] / sum;
      }
      return y;
    };
  },
  gradient: {
    backward: op => {
      const { scale = 1 } = op;
      const segments = segmentsOf(op);
      return ({ operands: [x], output: { data: y }, by: { data: by } }, [into]) => {
        if (into === undefined) return;
        for (const { from, to } of segments(x.rows)) {
          let along = 0;
          for (let j = from; j < to; j++) along += y[j] * by[j];
          for (let j = from; j < to; j++) into[j] += scale * y[j] * (by[j] - along);
        }
      };
    },
  },
} as const satisfies VectorFunction;
