/** Mean of each column: a classifier on all patches instead of a class token (timm's global_pool avg; MAE, arXiv 2111.06377). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'mean',
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
        y.data[j] = sum / rows;
      }
      return y;
    };
  },
  gradient: {
    backward: () => {
      return ({ operands: [{ rows, columns }], by }, [into]) => {
        if (into === undefined) return;
        for (let at = 0; at < rows * columns; at++) into[at] += by.data[at % columns] / rows;
      };
    },
  },
} as const satisfies VectorFunction;
