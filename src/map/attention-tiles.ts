/**
 * Attention in tiles of its rows. `fused` takes a tile through QK^T, softmax and SV before the next one begins, so that
 * one tile of scores is kept (FLAT, arXiv 2107.06419, as MAS-Attention compares itself with it). `two-stream` is
 * MAS-Attention (arXiv 2411.17720): while the softmax units have tile i, the matmuls are QK^T of tile i + 1 and then SV of
 * tile i - 1, one stream on arrays of their own.
 */
import type { ArchConfig } from '../arch/config.ts';
import { usageError } from '../base/errors.ts';
import type { Step, StepDep } from '../hw/program.ts';
import type { Graph } from '../workload/graph.ts';
import { type ScoreChain, scoreChains } from '../workload/score-chain.ts';

type Schedule = ArchConfig['schedule'];

/** By kind: tiles of scores that are alive at once, and what a matmul waits for beside its operands, in tiles from its own. */
const KINDS = {
  fused: { alive: 1, scoresAfterOutput: -1, outputAfterScores: 0 },
  // QK^T of i + 2 stands before SV of i in the stream of matmuls, and that of i behind SV of i - 3.
  'two-stream': { alive: 3, scoresAfterOutput: -3, outputAfterScores: 2 },
} as const;

const kindOf = ({ encoder, attention }: Schedule): (typeof KINDS)[keyof typeof KINDS] | undefined =>
  encoder === 'sequential' && attention !== 'sequential' ? KINDS[attention] : undefined;

/** Rows of scores that are alive at once; Infinity: all of them. */
export function scoreRowsAlive(schedule: Schedule): number {
  const kind = kindOf(schedule);
  return kind === undefined ? Number.POSITIVE_INFINITY : kind.alive * schedule.attentionRows;
}

/** Steps in sequence, but for those of attention, which take turns tile by tile. */
export function inTiles(steps: readonly Step[], graph: Graph, schedule: Schedule): Step[] {
  const kind = kindOf(schedule);
  const result = [...steps];
  if (kind === undefined) return result;
  const rows = schedule.attentionRows;
  const numberOf = new Map(steps.map(({ id, index }) => [id, index]));
  for (const chain of scoreChains(graph.ops)) {
    const indexes = stepsOf(chain, numberOf);
    if (indexes === undefined) continue;
    const [scores, output] = [indexes[0], indexes[indexes.length - 1]];
    const [first, last] = [indexes[1], indexes[indexes.length - 2]];
    const tile = (step: number, lead: number): StepDep => ({ step, mode: { rows, lead } });
    const own = indexes.map((index, i) => {
      const before = steps[index].after.filter(({ step }) => i === 0 || step !== indexes[i - 1]);
      return i === 0 ? before : [...before, tile(indexes[i - 1], 0)];
    });
    own[0].push(tile(output, kind.scoresAfterOutput));
    own[own.length - 1].push(tile(scores, kind.outputAfterScores));
    if (first !== last) own[1].push(tile(last, -1));
    indexes.forEach((index, i) => {
      result[index] = { ...steps[index], after: own[i] };
    });
  }
  return result;
}

/** The steps of a chain; undefined where the accounting leaves it out. @throws TrexError (usage) where others stand between them. */
function stepsOf(
  { scores, map, output }: ScoreChain,
  numberOf: ReadonlyMap<string, number>,
): number[] | undefined {
  const ids = [scores, ...map, output].map(op => op.id);
  const indexes = ids.flatMap(id => numberOf.get(id) ?? []);
  if (indexes.length === 0) return undefined;
  if (indexes.length < ids.length || indexes.some((index, i) => index !== indexes[0] + i))
    throw usageError(
      `schedule.attention: other steps stand between ${ids.join(', ')}, which cannot go tile by tile`,
    );
  return indexes;
}
