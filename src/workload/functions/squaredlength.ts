/** The squared Euclidean length of each row segment. */
import { zeros } from '../matrix.ts';
import { squares } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'squaredlength',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  outLength: () => 1,
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: false,
    why: "one product and one sum an element: one pass, as an addition; the paper's account leaves out no attention",
  },
  arithmetic: ({ rowLength, batch }) => {
    return ([x]) => {
      const y = zeros(x.rows, batch);
      for (let i = 0; i < y.data.length; i++) y.data[i] = squares(x.data, i * rowLength, rowLength);
      return y;
    };
  },
  gradient: {
    backward:
      ({ rowLength }) =>
      ({ operands: [{ data: x }], by }, [into]) => {
        if (into === undefined) return;
        for (let at = 0; at < x.length; at++) into[at] += 2 * x[at] * by.data[Math.floor(at / rowLength)];
      },
  },
} as const satisfies VectorFunction;
