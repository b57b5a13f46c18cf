/** Each row segment at the Euclidean length of the second operand's: focused attention's cube keeps the length that it had (FLatten, arXiv 2308.00442, Eq. 6). */
import { zeros } from '../matrix.ts';
import { squares } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'renorm',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'two sums of squares, a root and a factor: the two passes of a LayerNorm (assumed: both sums in the first)',
  },
  arithmetic: ({ rowLength: length }) => {
    return ([x, like]) => {
      const y = zeros(x.rows, x.columns);
      for (let at = 0; at < y.data.length; at += length) {
        const own = squares(x.data, at, length);
        const factor = own === 0 ? 0 : Math.sqrt(squares(like.data, at, length) / own);
        for (let i = at; i < at + length; i++) y.data[i] = x.data[i] * factor;
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
