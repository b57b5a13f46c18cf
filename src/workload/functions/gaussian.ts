/** e^(-x / (2 mean)) of squared distances x, with the mean of each segment over all rows: the kernel of kernel-based hashing (EcoFormer, arXiv 2209.09004; GATECH-EIC/ShiftAddViT hashing/ksh.py). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'gaussian',
  reduction: 'column',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: false,
    why: "a mean, then a look-up an element: the two passes of a LayerNorm; the paper's account leaves out no attention",
  },
  arithmetic: ({ rowLength, batch }) => {
    return ([x]) => {
      const y = zeros(x.rows, x.columns);
      for (let segment = 0; segment < batch; segment++) {
        const from = segment * rowLength;
        let sum = 0;
        for (let row = 0; row < x.rows; row++)
          for (let j = from; j < from + rowLength; j++) sum += x.data[row * x.columns + j];
        const width = (2 * sum) / (x.rows * rowLength);
        for (let row = 0; row < x.rows; row++)
          for (let j = from; j < from + rowLength; j++)
            y.data[row * x.columns + j] = Math.exp(-x.data[row * x.columns + j] / width);
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
