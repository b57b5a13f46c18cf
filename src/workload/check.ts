/** The laws of a graph: names are unique, producers come first, and what an op gives is what the next one takes. */
import type { Dep, Op } from './op.ts';
import { areaOf } from './size.ts';

/** Columns of a predictor's scores of tokens: keep, drop. */
const SCORES = 2;

/** A matrix: one row per token (or pixel), heads side by side. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** The matrix that an op gives. */
export function outputShape(op: Op): Shape {
  switch (op.kind) {
    case 'static':
      return { rows: op.rows, columns: op.out };
    case 'depthwise':
      return { rows: op.positions, columns: op.channels };
    case 'dynamic':
      return { rows: op.m, columns: op.batch * op.n };
    case 'vector':
      return { rows: op.outRows, columns: op.batch * op.rowLength };
    case 'tokens':
      return { rows: op.to, columns: op.width };
  }
}

/** The matrix that an op takes from one of its producers. */
export function inputShape(op: Op, dep: Dep): Shape {
  switch (op.kind) {
    case 'static':
      return op.conv === undefined
        ? { rows: op.rows, columns: op.in }
        : { rows: areaOf(op.conv.input), columns: op.conv.inChannels };
    case 'depthwise':
      return { rows: op.positions, columns: op.channels };
    case 'dynamic':
      if (dep.op === op.streamed)
        return op.streamedTransposed
          ? { rows: op.k, columns: op.batch * op.m }
          : { rows: op.m, columns: op.batch * op.k };
      return op.transposed
        ? { rows: op.n, columns: op.batch * op.k }
        : { rows: op.k, columns: op.batch * op.n };
    case 'vector':
      return { rows: op.rows, columns: op.batch * op.rowLength };
    case 'tokens':
      if (dep.op === op.scores)
        return op.heads === undefined
          ? { rows: op.from - 1, columns: SCORES }
          : { rows: 1, columns: op.heads * op.from };
      return { rows: op.from, columns: op.width };
  }
}

/** Every broken law, in words; empty for a sound graph. */
export function graphProblems(ops: readonly Op[]): string[] {
  const problems: string[] = [];
  const seen = new Map<string, Op>();
  for (const op of ops) {
    if (seen.has(op.id)) problems.push(`${op.id}: two ops have this name`);
    for (const dep of op.deps) {
      const producer = seen.get(dep.op);
      if (producer === undefined) problems.push(`${op.id}: needs ${dep.op}, which does not stand before it`);
      else problems.push(...linkProblems(op, dep, producer));
    }
    if (op.kind === 'dynamic' && !op.deps.some(d => d.op === op.stationary && d.mode === 'all'))
      problems.push(`${op.id}: must wait for the whole of its stationary operand ${op.stationary}`);
    seen.set(op.id, op);
  }
  return problems;
}

function linkProblems(op: Op, dep: Dep, producer: Op): string[] {
  const problems: string[] = [];
  const gives = outputShape(producer);
  const takes = inputShape(op, dep);
  if (gives.rows !== takes.rows || gives.columns !== takes.columns)
    problems.push(
      `${op.id}: takes ${takes.rows} x ${takes.columns}, but ${producer.id} gives ${gives.rows} x ${gives.columns}`,
    );
  if (dep.mode === 'row' && outputShape(op).rows !== gives.rows)
    problems.push(`${op.id}: its rows are not those of ${producer.id}, so it cannot go row by row`);
  return problems;
}
