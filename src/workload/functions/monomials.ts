/**
 * The monomials of each row segment up to a degree, so that the products of two segments' monomials add up to the Taylor series of
 * the exponential of their product: fastmax (FAST, arXiv 2402.07901). Order 1: 1, x; order 2: these, x_i^2 / sqrt(2), x_i x_j (i < j).
 */
import { zeros } from '../matrix.ts';
import type { FunctionShape, VectorFunction } from '../vector-function.ts';

/** Monomials of `rowLength` values. */
const count = ({ rowLength: d, order = 1 }: Pick<FunctionShape, 'rowLength' | 'order'>): number =>
  1 + d + (order === 2 ? (d * (d + 1)) / 2 : 0);

export const vectorFunction = {
  name: 'monomials',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['order'],
  outLength: count,
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'at most one product for each value that comes out: one pass, as an addition',
  },
  arithmetic: op => {
    const { rowLength: d, batch, order } = op;
    const width = count(op);
    const half = Math.sqrt(0.5);
    return ([x]) => {
      const y = zeros(x.rows, batch * width);
      for (let from = 0, to = 0; from < x.data.length; from += d) {
        y.data[to++] = 1;
        for (let i = 0; i < d; i++) y.data[to++] = x.data[from + i];
        if (order !== 2) continue;
        for (let i = 0; i < d; i++) {
          const own = x.data[from + i];
          y.data[to++] = half * own * own;
          for (let j = i + 1; j < d; j++) y.data[to++] = own * x.data[from + j];
        }
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
