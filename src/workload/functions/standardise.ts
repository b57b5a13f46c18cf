/** Each row segment less its mean, over its biased standard deviation and eps: fastmax's queries and keys (FAST, arXiv 2402.07901). */
import { bySegment, dot, segmentBackward } from '../segments.ts';
import type { VectorFunction } from '../vector-function.ts';

function spread(data: Float32Array, at: number, length: number): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += data[i];
  const mean = sum / length;
  let squares = 0;
  for (let i = at; i < at + length; i++) squares += (data[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / length) };
}

export const vectorFunction = {
  name: 'standardise',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  options: ['eps'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'a LayerNorm without its gain and shift',
  },
  arithmetic: op => {
    const { id, eps } = op;
    if (eps === undefined) throw new Error(`${id}: a standardise without eps`);
    return bySegment(op, (from, to, at, length) => {
      const { mean, deviation } = spread(from, at, length);
      for (let i = at; i < at + length; i++) to[i] = (from[i] - mean) / (deviation + eps);
    });
  },
  gradient: {
    backward: op => {
      const { eps = 0 } = op;
      return segmentBackward(op, ({ x, y, by, into }, at, length) => {
        const { deviation } = spread(x, at, length);
        const size = deviation + eps;
        let mean = 0;
        for (let i = at; i < at + length; i++) mean += by[i] / length;
        // y = (x - mean) / size, so the deviation moves along y size / deviation.
        const along = deviation === 0 ? 0 : (dot(y, by, at, length) * size) / (length * deviation);
        for (let i = at; i < at + length; i++) into[i] += (by[i] - mean - along * y[i]) / size;
      });
    },
  },
} as const satisfies VectorFunction;
