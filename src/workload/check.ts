/** The laws of a graph: names are unique, producers come first, and what an op gives is what the next one takes. */
import { largest } from '../base/extremes.ts';
import type { LayoutOp, Op } from './op.ts';
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
    case 'grouped':
      return { rows: op.rows, columns: op.groups * op.out };
    case 'layout':
      return { rows: op.rows, columns: op.columns };
    case 'dynamic':
      return { rows: op.m, columns: op.batch * op.n };
    case 'vector':
      return { rows: op.outRows, columns: op.batch * (op.outLength ?? op.rowLength) };
    case 'tokens':
      return { rows: op.to, columns: op.width };
  }
}

/** The matrix that an op takes as its operand number `place`. */
export function inputShape(op: Op, place: number): Shape {
  const dep = op.deps[place];
  switch (op.kind) {
    case 'static':
    case 'grouped':
      return op.conv === undefined
        ? { rows: op.rows, columns: op.kind === 'static' ? op.in : op.groups * op.in }
        : { rows: areaOf(op.conv.input), columns: op.conv.inChannels };
    case 'layout':
      return op.parts[place];
    case 'dynamic':
      if (dep.op === op.streamed)
        return op.streamedTransposed
          ? { rows: op.k, columns: op.batch * op.m }
          : { rows: op.m, columns: op.batch * op.k };
      return op.transposed
        ? { rows: op.n - (op.cached ?? 0), columns: op.batch * op.k }
        : { rows: op.k - (op.cached ?? 0), columns: op.batch * op.n };
    case 'vector':
      if (place === 1 && op.routes !== undefined)
        return { rows: op.rows / op.routes.top, columns: op.routes.experts };
      if (place === 1 && op.second !== undefined)
        return op.second === 'row'
          ? { rows: 1, columns: op.batch * op.rowLength }
          : { rows: op.rows, columns: op.batch };
      return { rows: op.rows, columns: op.batch * op.rowLength };
    case 'tokens':
      if (dep.op === op.scores) {
        if (op.expert !== undefined) return { rows: op.from, columns: op.expert.experts };
        const scored = op.from + (op.firstAbsent ? 1 : 0);
        return op.heads === undefined
          ? { rows: scored - 1, columns: op.scoreColumns ?? SCORES }
          : { rows: 1, columns: op.heads * scored };
      }
      return { rows: op.from, columns: op.width };
  }
}

/** Every broken law, in words; empty for a sound graph. */
export function graphProblems(ops: readonly Op[]): string[] {
  const problems: string[] = [];
  const seen = new Map<string, Op>();
  for (const op of ops) {
    if (seen.has(op.id)) problems.push(`${op.id}: two ops have this name`);
    for (const [place, dep] of op.deps.entries()) {
      const producer = seen.get(dep.op);
      if (producer === undefined) problems.push(`${op.id}: needs ${dep.op}, which does not stand before it`);
      else problems.push(...linkProblems(op, place, producer));
    }
    if (op.kind === 'dynamic' && !op.deps.some(d => d.op === op.stationary && d.mode === 'all'))
      problems.push(`${op.id}: must wait for the whole of its stationary operand ${op.stationary}`);
    problems.push(...ownProblems(op).map(problem => `${op.id}: ${problem}`));
    seen.set(op.id, op);
  }
  return problems;
}

function linkProblems(op: Op, place: number, producer: Op): string[] {
  const problems: string[] = [];
  const dep = op.deps[place];
  const gives = outputShape(producer);
  const takes = inputShape(op, place);
  if (gives.rows !== takes.rows || gives.columns !== takes.columns)
    problems.push(
      `${op.id}: takes ${takes.rows} x ${takes.columns}, but ${producer.id} gives ${gives.rows} x ${gives.columns}`,
    );
  if (dep.mode === 'row' && outputShape(op).rows !== gives.rows)
    problems.push(`${op.id}: its rows are not those of ${producer.id}, so it cannot go row by row`);
  return problems;
}

/** What is wrong with an op by itself. */
function ownProblems(op: Op): string[] {
  if (op.kind === 'layout') return layoutProblems(op);
  if (op.kind !== 'grouped') return [];
  const problems: string[] = [];
  if (op.conv !== undefined && op.groups * op.in !== op.conv.inChannels * areaOf(op.conv.kernel))
    problems.push(`${op.groups} groups of ${op.in} are not the ${op.conv.inChannels} channels of its window`);
  if (op.copies !== undefined && op.groups % op.copies.filters !== 0)
    problems.push(`${op.copies.filters} filters do not divide ${op.groups} groups`);
  return problems;
}

const product = (values: readonly number[]): number => values.reduce((all, value) => all * value, 1);

function layoutProblems({
  parts,
  join,
  window,
  dims,
  shifts,
  take,
  axes,
  rows,
  columns,
}: LayoutOp): string[] {
  const problems: string[] = [];
  const across = join === 'rows' ? 'columns' : 'rows';
  if (parts.some(part => part[across] !== parts[0][across])) problems.push('its operands cannot be joined');
  const joined = parts.reduce((sum, part) => sum + part.rows * part.columns, 0);
  if (window !== undefined && (parts.length !== 1 || areaOf(window.input) * window.inChannels !== joined))
    problems.push('its windows are not those of its operand');
  const size =
    window === undefined ? joined : areaOf(window.output) * areaOf(window.kernel) * window.inChannels;
  if (product(dims) !== size) problems.push(`${dims.join(' x ')} are not ${size} values`);
  if (shifts !== undefined && shifts.length !== dims.length)
    problems.push('one shift for each dim is needed');
  const sizes = dims.map((dim, i) => (take?.dim === i ? take.size : dim));
  if (take !== undefined && (take.start < 0 || take.start + take.size > (dims[take.dim] ?? 0)))
    problems.push('it takes what is not there');
  if (axes.length !== dims.length || new Set(axes).size !== axes.length || largest(axes) !== dims.length - 1)
    problems.push(`axes ${axes.join()} do not name ${dims.length} dims once each`);
  if (product(sizes) !== rows * columns)
    problems.push(`${product(sizes)} values do not fill ${rows} x ${columns}`);
  return problems;
}
