/** Sum of each column: the one token that pruned ones become (EViT, arXiv 2202.07800), the keys of linear attention (arXiv 2006.16236). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'sum',
  reduction: 'column',
  gives: 'one row',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one addition an element: one pass',
  },
  arithmetic: () => {
    return ([{ rows, columns, data }]) => {
      const y = zeros(1, columns);
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += data[i * columns + j];
        y.data[j] = sum;
      }
      return y;
    };
  },
  gradient: {
    backward: () => {
      return ({ operands: [{ rows, columns }], by }, [into]) => {
        if (into === undefined) return;
        for (let at = 0; at < rows * columns; at++) into[at] += by.data[at % columns];
      };
    },
  },
} as const satisfies VectorFunction;
