/** Half of each row becomes its mean over all rows: the global feature of DynamicViT's predictor (arXiv 2106.02034). */
import type { Matrix } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

/** The second half of each row becomes its mean over all rows (the global feature of DynamicViT's predictor). */
export function halfMean(x: Matrix): Matrix {
  const { rows, columns } = x;
  const data = x.data.slice();
  for (let c = columns / 2; c < columns; c++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x.data[r * columns + c];
    for (let r = 0; r < rows; r++) data[r * columns + c] = sum / rows;
  }
  return { rows, columns, data };
}

export const vectorFunction = {
  name: 'halfmean',
  reduction: 'column',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one addition an element: one pass',
  },
  arithmetic: () => {
    return ([x]) => halfMean(x);
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
