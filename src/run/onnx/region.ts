/** A part of a graph of ops on numbers: what it makes of values that are put in the place of some ops. */
import { orderOf, reordered } from '../../numerics/execute/vector/layout.ts';
import { type Matrix, zeros } from '../../workload/matrix.ts';
import type { DynamicOp, Op } from '../../workload/op.ts';
import type { Learned } from '../../workload/vector-function.ts';
import { functionOf } from '../../workload/vector-functions.ts';

/** Ops in order, each reading `given` or those before it; gives what each makes. @throws Error for ops with weights of their own */
export function tried(
  ops: readonly Op[],
  given: ReadonlyMap<string, Matrix>,
  learned: Learned,
): Map<string, Matrix> {
  const made = new Map(given);
  for (const op of ops) {
    const operand = (id: string): Matrix => {
      const known = made.get(id);
      if (known === undefined) throw new Error(`${op.id} reads ${id}`);
      return known;
    };
    const operands = op.deps.map(dep => operand(dep.op));
    if (op.kind === 'layout') made.set(op.id, reordered(op, orderOf(op), operands));
    else if (op.kind === 'dynamic')
      made.set(op.id, product(op, operand(op.streamed), operand(op.stationary)));
    else if (op.kind === 'vector') {
      const words = (): never => {
        throw new Error(`${op.id} reads the words`);
      };
      made.set(op.id, functionOf(op).arithmetic(op, learned)(operands, words));
    } else throw new Error(`${op.id} is a ${op.kind} op`);
  }
  return made;
}

/** Head by head: m x k times k x n, or n x k as it lies. */
function product({ batch, m, k, n, transposed }: DynamicOp, a: Matrix, b: Matrix): Matrix {
  const y = zeros(m, batch * n);
  for (let h = 0; h < batch; h++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++)
          sum +=
            a.data[i * a.columns + h * k + l] *
            (transposed ? b.data[j * b.columns + h * k + l] : b.data[l * b.columns + h * n + j]);
        y.data[i * y.columns + h * n + j] = sum;
      }
  return y;
}
