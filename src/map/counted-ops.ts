/** Ops of a graph that are work on a chip, as its accounting counts them. */
import { omits } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Graph } from '../workload/graph.ts';
import { isKnown } from '../workload/matmul.ts';
import type { Op } from '../workload/op.ts';
import { functionOf } from '../workload/vector-functions.ts';

/**
 * Ops that are part of the layer before them: a gain and a shift by column, right behind known weights whose output
 * nobody else reads, are in the factors and biases that take its sums to activations anyway.
 */
export function foldedOps(ops: readonly Op[]): ReadonlySet<string> {
  const byId = new Map(ops.map(op => [op.id, op]));
  const readers = new Map<string, number>();
  for (const { op } of ops.flatMap(({ deps }) => deps)) readers.set(op, (readers.get(op) ?? 0) + 1);
  const folded = new Set<string>();
  for (const op of ops) {
    if (op.kind !== 'vector' || !functionOf(op).folds) continue;
    const producer = byId.get(op.deps[0]?.op ?? '');
    if (producer !== undefined && isKnown(producer) && readers.get(producer.id) === 1) folded.add(op.id);
  }
  return folded;
}

/** In the order of the graph; changes of the token count and of the order of values are addresses, and no work. */
export function countedOps(
  { ops }: Pick<Graph, 'ops'>,
  { accounting }: Pick<ArchConfig, 'accounting'>,
): Op[] {
  const folded = foldedOps(ops);
  return ops.filter(
    op => op.kind !== 'tokens' && op.kind !== 'layout' && !folded.has(op.id) && !omits(accounting, op),
  );
}
