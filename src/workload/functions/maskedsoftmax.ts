/** Softmax over a part of the values of each row segment: the map of sparse attention (ViTCoD, arXiv 2210.09573). */
import { type Matrix, zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';
import { softmax } from './softmax.ts';

/**
 * softmax(scale * x) over `entries` values alone, the others give 0. Which ones is assumed, as published masks are for one network each:
 * equally many of each row, the first one (the class token) and those next to the row's own.
 */
function maskedSoftmax(x: Matrix, batch: number, scale: number, entries: number): Matrix {
  const { rows } = x;
  const length = x.columns / batch;
  const y = zeros(rows, x.columns);
  const segments = rows * batch;
  for (let segment = 0; segment < segments; segment++) {
    const count =
      Math.floor(((segment + 1) * entries) / segments) - Math.floor((segment * entries) / segments);
    if (count === 0) continue;
    const at = segment * length;
    const own = Math.floor(segment / batch);
    const kept = keptOf(own, Math.min(count, length), length);
    const values = zeros(1, kept.length);
    for (const [j, key] of kept.entries()) values.data[j] = x.data[at + key];
    const { data } = softmax(values, 1, scale);
    for (const [j, key] of kept.entries()) y.data[at + key] = data[j];
  }
  return y;
}

/** The first key and the nearest ones, `count` of `length` together. */
function keptOf(own: number, count: number, length: number): number[] {
  const kept = [0];
  for (let away = 0; kept.length < count; away++)
    for (const key of away === 0 ? [own] : [own - away, own + away])
      if (key > 0 && key < length && kept.length < count) kept.push(key);
  return kept;
}

export const vectorFunction = {
  name: 'maskedsoftmax',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'entries'],
  cost: { unit: 'softmax' },
  arithmetic: op => {
    const { id, batch, scale = 1, entries } = op;
    if (entries === undefined) throw new Error(`${id}: a maskedsoftmax without entries`);
    return ([x]) => maskedSoftmax(x, batch, scale, entries);
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
