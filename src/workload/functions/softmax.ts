/** Softmax over row segments, the maximum subtracted first (TReX, arXiv 2408.12742, Eq. 2); exponents and sums in float64. */
import { type Matrix, zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

/**
 * softmax(scale * x) over each of the `batch` segments of a row; a head's scores are one segment.
 */
export function softmax(x: Matrix, batch: number, scale: number, entries?: number): Matrix {
  if (entries !== undefined) return masked(x, batch, scale, entries);
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

/**
 * The same over `entries` values alone, the others give 0. Which ones is assumed, as published masks are for one network each:
 * equally many of each row, the first one (the class token) and those next to the row's own.
 */
function masked(x: Matrix, batch: number, scale: number, entries: number): Matrix {
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
  name: 'softmax',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['scale', 'entries'],
  cost: { unit: 'softmax' },
  arithmetic: op => {
    return ([x]) => softmax(x, op.batch, op.scale ?? 1, op.entries);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
