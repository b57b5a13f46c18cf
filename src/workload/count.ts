/** Exact MAC and parameter counts: convolutions, linear layers and activation-by-activation matmuls; batch 1; biases, norms and other vector work count zero MACs. */
import type { Op } from './op.ts';

/** MACs of one image. total = stem + static + dynamic + depthwise + head; `static` is what is in neither stem nor head. */
export interface MacTotals {
  readonly total: number;
  readonly static: number;
  readonly dynamic: number;
  readonly depthwise: number;
  readonly stem: number;
  readonly head: number;
}

/** Multiply-accumulates of one op. */
export function macs(op: Op): number {
  switch (op.kind) {
    case 'static':
      return op.rows * op.in * op.out;
    case 'depthwise':
      return op.positions * op.channels * op.taps;
    case 'dynamic':
      return op.batch * op.m * op.k * op.n;
    case 'vector':
    case 'tokens':
      return 0;
  }
}

/** Learned values of one op. */
export function params(op: Op): number {
  switch (op.kind) {
    case 'static':
      return op.in * op.out + (op.bias ? op.out : 0);
    case 'depthwise':
      return op.channels * op.taps + (op.bias ? op.channels : 0);
    case 'dynamic':
      return 0;
    case 'vector':
    case 'tokens':
      return op.parameters;
  }
}

/** MACs by class. */
export function macTotals(ops: readonly Op[]): MacTotals {
  const sum = { static: 0, dynamic: 0, depthwise: 0, stem: 0, head: 0 };
  for (const op of ops) {
    if (op.stage === 'stem' || op.stage === 'head') sum[op.stage] += macs(op);
    else if (op.kind === 'static' || op.kind === 'dynamic' || op.kind === 'depthwise')
      sum[op.kind] += macs(op);
  }
  return { total: sum.stem + sum.static + sum.dynamic + sum.depthwise + sum.head, ...sum };
}

/** Learned values of the ops; a weight that several ops share counts once. */
export function paramTotal(ops: readonly Op[]): number {
  const seen = new Set<string>();
  let total = 0;
  for (const op of ops) {
    if (op.kind === 'static' || op.kind === 'depthwise') {
      if (seen.has(op.weightId)) continue;
      seen.add(op.weightId);
    }
    total += params(op);
  }
  return total;
}
