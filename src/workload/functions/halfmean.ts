/** Half of each row becomes its mean over all rows: the global feature of DynamicViT's predictor (arXiv 2106.02034). */
import type { Matrix } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

/** The second half of each of the `batch` segments of a row becomes its mean over all rows (the global feature of DynamicViT's predictor). */
export function halfMean(x: Matrix, batch = 1): Matrix {
  const { rows, columns } = x;
  const data = x.data.slice();
  const length = columns / batch;
  for (let c = 0; c < columns; c++) {
    if (c % length < length / 2) continue;
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
  arithmetic: ({ batch }) => {
    return ([x]) => halfMean(x, batch);
  },
  // Its own transpose: what a mean gets, each of its rows gets a share of.
  gradient: {
    backward: ({ batch }) => {
      return ({ by }, [into]) => {
        if (into === undefined) return;
        const { data } = halfMean(by, batch);
        for (let at = 0; at < data.length; at++) into[at] += data[at];
      };
    },
  },
} as const satisfies VectorFunction;
