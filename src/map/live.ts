/** What the global buffer must hold: the operands and results that are alive at the same time, step by step. */

import { counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { log2 } from '../base/math.ts';
import { sum } from '../base/sum.ts';
import { formatQuantity } from '../base/units.ts';
import { outputShape } from '../workload/check.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';
import { scoreChains } from '../workload/score-chain.ts';
import { scoreRowsAlive } from './attention-tiles.ts';
import { isCacheOp } from './cache-split.ts';
import { countedOps, foldedOps } from './counted-ops.ts';

/**
 * Peak bits of live activations when ops run one after the other. A row-wise vector op writes over its operand when
 * nobody else needs it. Where attention goes tile by tile, its scores and their map hold the tiles that are alive at once,
 * and Q and the output are there to the end. Ops that the accounting leaves out hold nothing; what comes out of an op that
 * only picks or orders values, or is part of the layer before it, is its operand, which stays as long.
 */
export function peakBits(graph: Graph, arch: ArchConfig): { bits: number; op: string } {
  const held = new Map<string, number>();
  let live = 0;
  let peak = { bits: 0, op: '' };
  const free = (values: readonly string[]): void => {
    for (const value of values) live -= held.get(value) ?? 0;
  };
  for (const { op, size, freed, inPlace } of livenessOf(graph, arch).ops) {
    held.set(op, size);
    if (inPlace) free(freed);
    live += size;
    if (live > peak.bits) peak = { bits: live, op };
    if (!inPlace) free(freed);
  }
  return peak;
}

/** What an op adds to the buffer, and what goes with it. */
interface LiveOp {
  readonly op: string;
  readonly size: number;
  /** Values that nobody needs behind it. */
  readonly freed: readonly string[];
  /** It writes over them. */
  readonly inPlace: boolean;
}

/** Values in the order of the ops, one after the other. */
export interface Liveness {
  readonly ops: readonly LiveOp[];
  /** Counted ops that need a value, in their order. */
  readonly usesOf: ReadonlyMap<string, readonly string[]>;
  /** Scores of which tiles are alive, and no more. */
  readonly inTiles: ReadonlySet<string>;
  numberOf(op: string): number;
  after(op: string, other: string): boolean;
}

/** What is alive when, as `peakBits` says. */
export function livenessOf(graph: Graph, arch: ArchConfig): Liveness {
  const { ops } = graph;
  const countedList = countedOps(graph, arch);
  const counted = new Set(countedList.map(op => op.id));
  const rowsAlive = scoreRowsAlive(arch.schedule);
  const inTiles = new Set<string>();
  const lastUse = lastUses(ops);
  const index = new Map(ops.map((op, i) => [op.id, i]));
  const numberOf = (op: string): number => index.get(op) as number;
  for (const { scores, map, output } of rowsAlive < Number.POSITIVE_INFINITY ? scoreChains(ops) : []) {
    for (const { id } of [scores, ...map]) inTiles.add(id);
    lastUse.set(scores.streamed, Math.max(lastUse.get(scores.streamed)!, numberOf(output.id)));
  }
  const size = (op: Op): number => {
    if (!counted.has(op.id)) return 0;
    const { rows, columns } = outputShape(op);
    const seen = causalEntries(op);
    // Of a causal map what is seen is kept, and nothing of the rest.
    if (seen !== undefined && !inTiles.has(op.id)) return seen * arch.precision.inputs;
    return (inTiles.has(op.id) ? Math.min(rows, rowsAlive) : rows) * columns * arch.precision.inputs;
  };
  const freed = ops.map((): string[] => []);
  const freedBits = new Float64Array(ops.length);
  for (const op of ops) {
    const last = lastUse.get(op.id);
    if (last === undefined) continue;
    freed[last].push(op.id);
    freedBits[last] += size(op);
  }
  const usesOf = new Map<string, string[]>();
  const values = new Map<string, ReadonlySet<string>>();
  for (const op of ops) {
    const operands = new Set(op.deps.flatMap(dep => [...(values.get(dep.op) ?? [])]));
    values.set(op.id, counted.has(op.id) ? new Set([op.id]) : operands);
    if (counted.has(op.id))
      for (const value of operands) usesOf.set(value, [...(usesOf.get(value) ?? []), op.id]);
  }
  const live = ops.map((op, i): LiveOp => {
    const own = size(op);
    const inPlace = op.kind === 'vector' && op.reduce !== 'column' && freedBits[i] >= own;
    return { op: op.id, size: own, freed: freed[i], inPlace };
  });
  return { ops: live, usesOf, inTiles, numberOf, after: (op, other) => numberOf(op) > numberOf(other) };
}

/** Bits that are alive before an op begins. */
export function bitsBefore(graph: Graph, arch: ArchConfig, before: string): number {
  const held = new Map<string, number>();
  for (const { op, size, freed } of livenessOf(graph, arch).ops) {
    if (op === before) break;
    held.set(op, size);
    for (const value of freed) held.delete(value);
  }
  return sum([...held.values()], bits => bits);
}

/** Entries of the map of a decoder's attention that are seen; undefined where all are, and for any other op. */
const causalEntries = (op: Op): number | undefined => {
  if (op.kind === 'vector') return op.causal === undefined ? undefined : op.entries;
  return isCacheOp(op) && op.transposed ? op.entries : undefined;
};

/** Index of the last op that needs what each op gives, itself or in another order. */
function lastUses(ops: readonly Op[]): Map<string, number> {
  const folded = foldedOps(ops);
  const last = new Map<string, number>();
  for (const [i, op] of [...ops.entries()].toReversed()) {
    const handsOn = op.kind === 'tokens' || op.kind === 'layout' || folded.has(op.id);
    for (const dep of op.deps) {
      const isScore = op.kind === 'tokens' && dep.op === op.scores;
      const until = handsOn && !isScore ? Math.max(i, last.get(op.id) ?? i) : i;
      last.set(dep.op, Math.max(until, last.get(dep.op) ?? until));
    }
  }
  return last;
}

/** Bytes that the global buffer must hold, to the next power of two of KiB; 0 where buffers are not counted. */
export const globalBufferNeed_B = (graph: Graph, arch: ArchConfig): number =>
  counts(arch.accounting, 'buffers') ? roundedUp_B(peakBits(graph, arch).bits / 8) : 0;

const roundedUp_B = (bytes: number): number => 1024 * 2 ** Math.ceil(log2(bytes / 1024));

/** Images of which the global buffer holds all that is alive at the worst moment of each: an image has a part of it for itself. */
export function imagesHeld(graph: Graph, arch: ArchConfig): number {
  const { bits } = peakBits(graph, arch);
  if (!counts(arch.accounting, 'buffers') || bits === 0) return Number.POSITIVE_INFINITY;
  // Of one whose values go to DRAM in part there is room for one.
  return Math.max(1, Math.floor((arch.globalBuffer.capacity * 8) / bits));
}

/** Throws TrexError when nothing goes to DRAM, the buffers are counted and the global buffer is too small for the network: so many sequences of it at a time. */
export function checkGlobalBuffer(graph: Graph, arch: ArchConfig, sequences = 1): void {
  if (!counts(arch.accounting, 'buffers')) return;
  const { bits: one, op } = peakBits(graph, arch);
  const bits = sequences * one;
  const { capacity } = arch.globalBuffer;
  if (bits / 8 <= capacity) return;
  throw new TrexError(
    `the global buffer holds ${formatQuantity(capacity, 'B')}, at ${op} the network keeps ` +
      `${formatQuantity(bits / 8, 'B')}: give it more (--set globalBuffer.capacity=${roundedUp_B(bits / 8) / 1024}KiB)${spilling(arch)}`,
    EXIT.failed,
  );
}

/** What would let values go to DRAM. */
const spilling = ({ accounting, chip }: ArchConfig): string => {
  const wanted = [
    ...(chip.overflow === 'refuse' ? ['chip.overflow=dram'] : []),
    ...(counts(accounting, 'dram') ? [] : ['accounting.dram=counted']),
  ];
  return wanted.length === 0 ? '' : `, or let values go to DRAM (--set ${wanted.join(' --set ')})`;
};
