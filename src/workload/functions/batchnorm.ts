/** BatchNorm at inference (arXiv 1502.03167): a gain and a shift per column, with the running statistics folded in. */
import { type Matrix, zeros } from '../matrix.ts';
import type { Affine, VectorFunction } from '../vector-function.ts';

/** x * gain + shift per column of each segment: the running statistics are part of gain and shift. */
export function batchNorm(x: Matrix, { gain, shift }: Affine): Matrix {
  const { rows, columns } = x;
  const y = zeros(rows, columns);
  const width = gain.length;
  for (let at = 0; at < y.data.length; ) {
    for (let j = 0; j < width; j++, at++) y.data[at] = x.data[at] * gain[j] + shift[j];
  }
  return y;
}

export const vectorFunction = {
  name: 'batchnorm',
  reduction: 'none',
  gives: 'rows',
  learns: 'running-norm',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one gain and one shift an element: one pass, as an addition',
  },
  folds: true,
  arithmetic: ({ id }, learned) => {
    const norm = learned.norm(id);
    return ([x]) => batchNorm(x, norm);
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
