/** Softmax over the queries, for each key: the first half of doubly-normalised attention (arXiv 2009.14308; its order as in MenghaoGuo/EANet). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'columnsoftmax',
  reduction: 'column',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale'],
  // A column of each head is what a row is to softmax: as many elements, and none before the last query has come.
  cost: { unit: 'softmax' },
  arithmetic: ({ scale = 1 }) => {
    return ([{ rows, columns, data }]) => {
      const y = zeros(rows, columns);
      const exponents = new Float64Array(rows);
      for (let j = 0; j < columns; j++) {
        let largest = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < rows; i++) largest = Math.max(largest, scale * data[i * columns + j]);
        let sum = 0;
        for (let i = 0; i < rows; i++)
          sum += exponents[i] = Math.exp(scale * data[i * columns + j] - largest);
        for (let i = 0; i < rows; i++) y.data[i * columns + j] = exponents[i] / sum;
      }
      return y;
    };
  },
  gradient: {
    backward: ({ scale = 1 }) => {
      return ({ output: { rows, columns, data: y }, by }, [into]) => {
        if (into === undefined) return;
        for (let j = 0; j < columns; j++) {
          let along = 0;
          for (let at = j; at < rows * columns; at += columns) along += y[at] * by.data[at];
          for (let at = j; at < rows * columns; at += columns)
            into[at] += scale * y[at] * (by.data[at] - along);
        }
      };
    },
  },
} as const satisfies VectorFunction;
