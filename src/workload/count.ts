/** Exact MAC and parameter counts: convolutions, linear layers and activation-by-activation matmuls; batch 1; biases, norms and other vector work count zero MACs. */
import type { GroupedOp, Op } from './op.ts';
import { areaOf } from './size.ts';

/** MACs of one image. total = stem + static + dynamic + depthwise + grouped + head; `static` is what is in neither stem nor head. */
export interface MacTotals {
  readonly total: number;
  readonly static: number;
  readonly dynamic: number;
  /** Grouped, one channel in and one out in each group. */
  readonly depthwise: number;
  readonly grouped: number;
  readonly stem: number;
  readonly head: number;
}

/** Multiply-accumulates of one op. */
export function macs(op: Op): number {
  switch (op.kind) {
    case 'static':
      return op.rows * op.in * op.out;
    case 'grouped':
      return op.rows * op.groups * op.in * op.out;
    case 'dynamic':
      return op.entries === undefined
        ? op.batch * op.m * op.k * op.n
        : op.entries * (op.transposed ? op.k : op.n);
    case 'vector':
      return op.macs ?? 0;
    case 'tokens':
    case 'layout':
      return 0;
  }
}

/** Filters of a grouped op that are learned. */
export const filtersOf = ({ groups, copies }: GroupedOp): number => copies?.filters ?? groups;

/** One channel comes into each group, and one goes out. */
const isDepthwise = ({ in: inSize, out, conv }: GroupedOp): boolean =>
  out === 1 && inSize === (conv === undefined ? 1 : areaOf(conv.kernel));

/** Learned values of one op. */
export function params(op: Op): number {
  if (op.buffer) return 0;
  switch (op.kind) {
    case 'static':
      return op.in * op.out + (op.bias ? op.out : 0);
    case 'grouped':
      return filtersOf(op) * (op.in * op.out + (op.bias ? op.out : 0));
    case 'dynamic':
    case 'layout':
      return 0;
    case 'vector':
    case 'tokens':
      return op.parameters;
  }
}

/** MACs by class. */
export function macTotals(ops: readonly Op[]): MacTotals {
  const sum = { static: 0, dynamic: 0, depthwise: 0, grouped: 0, stem: 0, head: 0 };
  for (const op of ops) {
    if (op.stage === 'stem' || op.stage === 'head') sum[op.stage] += macs(op);
    else if (op.kind === 'static' || op.kind === 'dynamic') sum[op.kind] += macs(op);
    else if (op.kind === 'vector') sum.static += macs(op);
    else if (op.kind === 'grouped') sum[isDepthwise(op) ? 'depthwise' : 'grouped'] += macs(op);
  }
  const total = sum.stem + sum.static + sum.dynamic + sum.depthwise + sum.grouped + sum.head;
  return { total, ...sum };
}

/** Learned values of the ops; a weight that several ops share counts once. */
export function paramTotal(ops: readonly Op[]): number {
  const seen = new Set<string>();
  let total = 0;
  for (const op of ops) {
    if (op.kind === 'static' || op.kind === 'grouped') {
      if (seen.has(op.weightId)) continue;
      seen.add(op.weightId);
    }
    total += params(op);
  }
  return total;
}
