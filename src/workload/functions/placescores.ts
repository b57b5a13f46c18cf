/** From the products of a query with the vectors of places to a score for each key: that of the place where the key is from the query (image relative position encoding, product method at ratio 1.9: arXiv 2107.14222, microsoft/Cream MiniViT/Mini-DeiT/irpe.py). */
import { zeros } from '../matrix.ts';
import { areaOf } from '../size.ts';
import type { VectorFunction } from '../vector-function.ts';

/** Places that a key can be at, to one side: 0, 1, 2 (2 and 3 patches away), 3 (farther). */
const SIDE = 3;

/** Where along one axis, 0 .. 2 SIDE: near places each for itself, farther ones by the logarithm of their distance. */
function place(distance: number): number {
  const far = Math.abs(distance);
  return SIDE + Math.sign(distance) * (far >= 4 ? SIDE : Math.min(far, 2));
}

export const vectorFunction = {
  name: 'placescores',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['grid'],
  outLength: ({ grid, rowLength }) => (grid === undefined ? rowLength : areaOf(grid)),
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one value is fetched for each score: one pass, as an addition',
  },
  arithmetic: ({ id, rowLength: buckets, batch, grid }) => {
    if (grid === undefined) throw new Error(`${id}: placescores without a grid`);
    const keys = areaOf(grid);
    return ([x]) => {
      const y = zeros(x.rows, batch * keys);
      for (let query = 0, at = 0; query < x.rows; query++) {
        const [row, column] = [Math.floor(query / grid.width), query % grid.width];
        for (let head = 0; head < batch; head++)
          for (let key = 0; key < keys; key++, at++) {
            const down = place(row - Math.floor(key / grid.width));
            const across = place(column - (key % grid.width));
            y.data[at] = x.data[(query * batch + head) * buckets + down * (2 * SIDE + 1) + across];
          }
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
