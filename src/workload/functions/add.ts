/** a + scale * b: residual sums, or a learned matrix in place of b (position embeddings). */
import { type Matrix, zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export function add(a: Matrix, b: Matrix, scale: number): Matrix {
  const y = zeros(a.rows, a.columns);
  for (let i = 0; i < y.data.length; i++) y.data[i] = a.data[i] + scale * b.data[i];
  return y;
}

export const vectorFunction = {
  name: 'add',
  reduction: 'none',
  gives: 'rows',
  learns: 'rows',
  options: ['scale'],
  cost: { unit: 'vector', entry: 'add', omitted: true, why: 'an entry of its own' },
  arithmetic: ({ id, rows, rowLength, parameters, scale = 1 }, learned) => {
    if (parameters === 0) return ([a, b]) => add(a, b, scale);
    const b = { rows, columns: rowLength, data: learned.rows(id) };
    return ([a]) => add(a, b, scale);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
