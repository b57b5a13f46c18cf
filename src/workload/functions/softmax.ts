/** Softmax over row segments, the maximum subtracted first (TReX, arXiv 2408.12742, Eq. 2); exponents and sums in float64. */
import { type Matrix, zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

/**
 * softmax(scale * x) over each of the `batch` segments of a row; a head's scores are one segment.
 */
export function softmax(x: Matrix, batch: number, scale: number): Matrix {
  const length = x.columns / batch;
  const y = zeros(x.rows, x.columns);
  const exponents = new Float64Array(length);
  for (let at = 0; at < x.data.length; at += length) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = at; j < at + length; j++) {
      const value = scale * x.data[j];
      if (value > largest) largest = value;
    }
    let sum = 0;
    for (let j = 0; j < length; j++) {
      const exponent = Math.exp(scale * x.data[at + j] - largest);
      exponents[j] = exponent;
      sum += exponent;
    }
    for (let j = 0; j < length; j++) y.data[at + j] = exponents[j] / sum;
  }
  return y;
}

export const vectorFunction = {
  name: 'softmax',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale'],
  cost: { unit: 'softmax' },
  arithmetic: op => {
    return ([x]) => softmax(x, op.batch, op.scale ?? 1);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
