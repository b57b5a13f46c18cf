/** One value of each row segment: its sum, mean, largest or smallest value (ONNX's ReduceSum, ReduceMean, ReduceMax, ReduceMin). */
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

const REDUCTIONS = {
  sum: { start: 0, step: (sum: number, x: number) => sum + x },
  mean: { start: 0, step: (sum: number, x: number) => sum + x },
  max: { start: Number.NEGATIVE_INFINITY, step: (most: number, x: number) => (x > most ? x : most) },
  min: { start: Number.POSITIVE_INFINITY, step: (least: number, x: number) => (x < least ? x : least) },
} as const;

export type RowReduction = keyof typeof REDUCTIONS;

export const vectorFunction = {
  name: 'rowreduce',
  reduction: 'row',
  gives: 'rows',
  learns: 'nothing',
  outLength: () => 1,
  options: ['formula'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one addition or comparison an element: one pass',
  },
  arithmetic: ({ id, batch, rowLength, formula }) => {
    if (formula === undefined || !Object.hasOwn(REDUCTIONS, formula)) throw new Error(`${id}: no reduction`);
    const { start, step } = REDUCTIONS[formula as RowReduction];
    return ([x]) => {
      const y = zeros(x.rows, batch);
      for (let at = 0; at < y.data.length; at++) {
        let sum = start as number;
        for (let j = at * rowLength; j < (at + 1) * rowLength; j++) sum = step(sum, x.data[j]);
        y.data[at] = formula === 'mean' ? sum / rowLength : sum;
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
