/** The cache of a decoder: keys and values of the tokens so far, by the product that reads them. */
import type { DynamicOp } from '../../workload/op.ts';
import { type Matrix, matrix } from './matrix.ts';

/** Filled by runs that follow each other, one text at a time. */
export class KvCache {
  readonly #rows = new Map<string, Matrix>();

  /** The rows that `op` reads: those that stay of the earlier ones, then `rows`. @throws Error for a run that left earlier tokens out */
  added({ id, cached = 0 }: DynamicOp, rows: Matrix): Matrix {
    const before = this.#rows.get(id);
    const there = before?.rows ?? 0;
    if (there < cached) throw new Error(`${id}: ${there} rows in the cache, ${cached} are read`);
    const { columns } = rows;
    const data = new Float32Array((cached + rows.rows) * columns);
    if (before !== undefined) data.set(before.data.subarray((there - cached) * columns));
    data.set(rows.data, cached * columns);
    const all = matrix(cached + rows.rows, columns, data);
    this.#rows.set(id, all);
    return all;
  }
}
