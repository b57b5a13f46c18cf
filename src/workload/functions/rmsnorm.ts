/** RMSNorm over each row segment (Zhang and Sennrich, arXiv 1910.07467): no mean is taken off, and no shift is added; sums in float64. */
import { bySegment, squares } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'rmsnorm',
  reduction: 'row',
  gives: 'rows',
  // One gain for each column of a segment; all segments share them.
  learns: 'factors',
  options: ['eps', 'second'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'a sum of squares, a root and two factors: the two passes of a LayerNorm without its mean',
  },
  arithmetic: (op, learned) => {
    const { id, eps } = op;
    if (eps === undefined) throw new Error(`${id}: an rmsnorm without eps`);
    const gain = learned.rows(id);
    return bySegment(op, (from, to, at, length) => {
      const factor = 1 / Math.sqrt(squares(from, at, length) / length + eps);
      for (let j = 0; j < length; j++) to[at + j] = from[at + j] * factor * gain[j];
    });
  },
  gradient: {
    backward: ({ rowLength: length, eps = 0 }) => {
      return ({ operands: [x, gain], by }, [dx, dgain]) => {
        for (let at = 0; at < x.data.length; at += length) {
          const factor = 1 / Math.sqrt(squares(x.data, at, length) / length + eps);
          let along = 0;
          for (let j = 0; j < length; j++) along += by.data[at + j] * gain.data[j] * x.data[at + j];
          const share = (along * factor * factor) / length;
          for (let j = 0; j < length; j++) {
            const value = x.data[at + j];
            if (dx !== undefined) dx[at + j] += factor * (by.data[at + j] * gain.data[j] - share * value);
            if (dgain !== undefined) dgain[j] += by.data[at + j] * factor * value;
          }
        }
      };
    },
  },
} as const satisfies VectorFunction;
