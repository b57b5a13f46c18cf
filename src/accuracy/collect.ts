/** From the records of all jobs to the figures of an accuracy run. */
import { toDecibels } from '../base/math.ts';
import type { AccuracyPoint, LayerRow, ScoreSpreads, Scores } from '../report/accuracy-result.ts';
import type { Graph } from '../workload/graph.ts';
import { type Job, type JobRecord, variantKey } from './jobs.ts';
import { emptyTally, mergeTallies, scoresOf, type Tally } from './metrics.ts';
import { spread } from './statistics.ts';

/** Scores of the exact networks, of every swept value, and of single layers. */
export interface Figures {
  readonly float32: Scores;
  readonly int8: Scores;
  readonly points: readonly AccuracyPoint[];
  /** In the order of the graph. */
  readonly layers: readonly LayerRow[];
}

/** What the jobs were cut from. */
export interface CollectOptions {
  /** The swept ones, or one null. */
  readonly values: readonly (number | null)[];
  readonly layerPoint: number;
  readonly graph: Graph;
  readonly classes: number;
}

/** Every job must have its record. */
export function collect(
  jobs: readonly Job[],
  records: ReadonlyMap<string, JobRecord>,
  { values, layerPoint, graph, classes }: CollectOptions,
): Figures {
  const tallies = new Map<string, Tally>();
  for (const { key, variant } of jobs) {
    const record = records.get(key);
    if (record === undefined) throw new Error(`job ${key} has no record`);
    const network = variantKey(variant);
    tallies.set(network, mergeTallies(tallies.get(network) ?? emptyTally(classes), record.tally));
  }
  const scores = (network: string): Scores => scoresOf(tallies.get(network)!, classes);
  const draws = new Set(jobs.filter(j => j.variant.compute === 'analog').map(j => j.variant.draw)).size;
  const ofDraws = (network: (draw: number) => string): Scores[] =>
    Array.from({ length: draws }, (_, draw) => scores(network(draw)));

  const int8 = scores('int8');
  const noise = values.map((_, point) => noiseOf(jobs, records, point));
  const points = values.map((value, point): AccuracyPoint => {
    const all = ofDraws(draw => `analog/${point}/${draw}`);
    return { value, draws: all, ...spreads(all), snr_dB: noise[point] };
  });
  const alone = new Set(jobs.map(j => j.variant.layer));
  const layers = graph.ops
    .filter(op => noise.some(ops => Object.hasOwn(ops, op.id)) || alone.has(op.id))
    .map(({ id, stage }): LayerRow => {
      const row = { op: id, stage, snr_dB: noise[layerPoint][id] ?? null };
      if (!alone.has(id)) return { ...row, alone: null };
      const all = ofDraws(draw => `analog/${layerPoint}/${draw}/${id}`);
      const top1 = spread(all.map(s => int8.top1 - s.top1));
      const loss = spread(all.map(s => s.loss - int8.loss));
      return { ...row, alone: { top1Lost: top1, lossGained: loss } };
    });
  return { float32: scores('float32'), int8, points, layers };
}

function spreads(all: readonly Scores[]): ScoreSpreads {
  const maybe = (key: 'top5' | 'matthews') =>
    all[0][key] === null ? null : spread(all.map(s => s[key] as number));
  return {
    top1: spread(all.map(s => s.top1)),
    top5: maybe('top5'),
    loss: spread(all.map(s => s.loss)),
    matthews: maybe('matthews'),
  };
}

/** Mean noise / signal over inputs and chips, as dB of signal / noise; null where there is no noise at all. */
function noiseOf(
  jobs: readonly Job[],
  records: ReadonlyMap<string, JobRecord>,
  point: number,
): Record<string, number | null> {
  const sums = new Map<string, { count: number; ratio: number }>();
  for (const { key, variant } of jobs) {
    if (variant.compute !== 'analog' || variant.point !== point || variant.layer !== undefined) continue;
    for (const [op, { count, ratio }] of Object.entries(records.get(key)!.noise ?? {})) {
      const sum = sums.get(op) ?? { count: 0, ratio: 0 };
      sums.set(op, { count: sum.count + count, ratio: sum.ratio + ratio });
    }
  }
  const decibels = ({ count, ratio }: { count: number; ratio: number }): number | null =>
    ratio === 0 ? null : -toDecibels(ratio / count);
  return Object.fromEntries([...sums].map(([op, sum]) => [op, decibels(sum)]));
}
