/** What the global buffer must hold: the operands and results that are alive at the same time, step by step. */

import { counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { log2 } from '../base/math.ts';
import { formatQuantity } from '../base/units.ts';
import { outputShape } from '../workload/check.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';
import { scoreChains } from '../workload/score-chain.ts';
import { scoreRowsAlive } from './attention-tiles.ts';
import { countedOps } from './counted-ops.ts';

/**
 * Peak bits of live activations when ops run one after the other. A row-wise vector op writes over its operand when
 * nobody else needs it. Where attention goes tile by tile, its scores and their map hold the tiles that are alive at once,
 * and Q and the output are there to the end. Ops that the accounting leaves out hold nothing.
 */
export function peakBits(graph: Graph, arch: ArchConfig): { bits: number; op: string } {
  const counted = new Set(countedOps(graph, arch).map(op => op.id));
  const numberOf = new Map(graph.ops.map((op, i) => [op.id, i]));
  const lastUse = new Map<string, number>();
  graph.ops.forEach((op, i) => {
    for (const dep of op.deps) lastUse.set(dep.op, i);
  });
  const rowsAlive = scoreRowsAlive(arch.schedule);
  const inTiles = new Set<string>();
  for (const { scores, map, output } of rowsAlive < Number.POSITIVE_INFINITY ? scoreChains(graph.ops) : []) {
    for (const { id } of [scores, ...map]) inTiles.add(id);
    lastUse.set(scores.streamed, Math.max(lastUse.get(scores.streamed)!, numberOf.get(output.id)!));
  }
  const freedAt = new Map<number, string[]>();
  for (const [id, at] of lastUse) freedAt.set(at, [...(freedAt.get(at) ?? []), id]);
  const size = (op: Op): number => {
    if (!counted.has(op.id)) return 0;
    const { rows, columns } = outputShape(op);
    return (inTiles.has(op.id) ? Math.min(rows, rowsAlive) : rows) * columns * arch.precision.inputs;
  };
  const sizes = new Map(graph.ops.map(op => [op.id, size(op)]));
  let live = 0;
  let peak = { bits: 0, op: '' };
  graph.ops.forEach((op, i) => {
    const freed = (freedAt.get(i) ?? []).reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
    const own = sizes.get(op.id) ?? 0;
    const inPlace = op.kind === 'vector' && op.reduce !== 'column' && freed >= own;
    if (inPlace) live += own - freed;
    else live += own;
    if (live > peak.bits) peak = { bits: live, op: op.id };
    if (!inPlace) live -= freed;
  });
  return peak;
}

/** Throws TrexError when the buffers are counted and the global buffer is too small for the network. */
export function checkGlobalBuffer(graph: Graph, arch: ArchConfig): void {
  if (!counts(arch.accounting, 'buffers')) return;
  const { bits, op } = peakBits(graph, arch);
  const { capacity } = arch.globalBuffer;
  if (bits / 8 <= capacity) return;
  const needed = 2 ** Math.ceil(log2(bits / 8 / 1024));
  throw new TrexError(
    `the global buffer holds ${formatQuantity(capacity, 'B')}, at ${op} the network keeps ` +
      `${formatQuantity(bits / 8, 'B')}: give it more (--set globalBuffer.capacity=${needed}KiB)`,
    EXIT.failed,
  );
}
