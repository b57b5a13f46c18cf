/** Changes of the token count: learned tokens in front of the patches (ViT, arXiv 2010.11929; DeiT, 2012.12877), or a slice of rows. */
import type { Matrix } from '../matrix.ts';

/** The rows of `learned` (any whole number of rows), then those of `x`. */
export function prepend(learned: Float32Array, x: Matrix): Matrix {
  const data = new Float32Array(learned.length + x.data.length);
  data.set(learned);
  data.set(x.data, learned.length);
  return { rows: data.length / x.columns, columns: x.columns, data };
}

/** `count` rows from row `start`. */
export function slice(x: Matrix, start: number, count: number): Matrix {
  const data = x.data.slice(start * x.columns, (start + count) * x.columns);
  return { rows: count, columns: x.columns, data };
}
