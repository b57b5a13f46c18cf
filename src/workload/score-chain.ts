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

/**
 * The chains of a network. Attention has none where it has no rows of scores (linear, additive), where others read its map
 * too (one map for many values), or where ops stand between (maps of rows and of columns).
 */
export function scoreChains(ops: readonly Op[]): ScoreChain[] {
  // What picks or orders rows is no work, and stands between nothing.
  const works = ops.filter(op => op.kind !== 'tokens' && op.kind !== 'layout');
  const readers = new Map<string, number>();
  for (const op of ops) {
    if (op.kind === 'tokens') continue;
    for (const { op: id } of op.deps) readers.set(id, (readers.get(id) ?? 0) + 1);
  }
  return works.flatMap((output, end) => {
    if (output.kind !== 'dynamic' || output.streamedTransposed) return [];
    const map: VectorOp[] = [];
    let next = output.streamed;
    let at = end - 1;
    const isNext = (op: Op | undefined): op is Op => op?.id === next && readers.get(op.id) === 1;
    for (let op = works[at]; isNext(op) && op.kind === 'vector'; op = works[--at]) {
      if (op.reduce === 'column' || op.deps.length !== 1) return [];
      map.unshift(op);
      next = op.deps[0].op;
    }
    const scores = works[at];
    return isNext(scores) && scores.kind === 'dynamic' && map.length > 0 && scores.m === output.m
      ? [{ scores, map, output }]
      : [];
  });
}
