/** The part of attention that can run tile by tile of its rows: scores, what is made of them row by row, and their product with V. */
import type { DynamicOp, Op, VectorOp } from './op.ts';

export interface ScoreChain {
  /** Q K^T. */
  readonly scores: DynamicOp;
  /** What maps the scores, each on the rows of the one before: softmax, or a scale and a sigmoid. */
  readonly map: readonly VectorOp[];
  /** The map times V: as many rows as the scores. */
  readonly output: DynamicOp;
}

/** The chains of a network; attention without one (linear, additive) has no rows of scores. */
export function scoreChains(ops: readonly Op[]): ScoreChain[] {
  const byId = new Map(ops.map(op => [op.id, op]));
  return ops.flatMap(output => {
    if (output.kind !== 'dynamic' || output.streamedTransposed) return [];
    const map: VectorOp[] = [];
    let op = byId.get(output.streamed);
    while (op?.kind === 'vector' && op.reduce !== 'column' && op.deps.length === 1) {
      map.unshift(op);
      op = byId.get(op.deps[0].op);
    }
    const isChain = op?.kind === 'dynamic' && map.length > 0 && op.m === output.m;
    return isChain ? { scores: op as DynamicOp, map, output } : [];
  });
}
