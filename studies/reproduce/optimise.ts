/** The optimiser on one task: every target's number of reuse encoders, its patterns trained in part, the best one fine-tuned with the crossbars' noise, and what is left of its accuracy (TReX, arXiv 2408.12742, section 4). */
import type { DeviceOptions } from '../../src/accuracy/device.ts';
import { optimize } from '../../src/optimize/optimize.ts';
import { memoryStore } from '../../src/optimize/store.ts';
import { parseTarget } from '../../src/optimize/target.ts';
import type { Scores } from '../../src/report/accuracy-result.ts';
import type { OptimizeResult, OptimizeRow } from '../../src/report/optimize-result.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { type Keep, keepText, pruningOf } from '../../src/search/keep.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import { type Experiment, inPairs, type Training } from './experiment.ts';
import type { JobResult } from './jobs.ts';
import type { CrossbarScores } from './measure.ts';

/** A network that was trained to the end, priced and measured. */
export interface Point {
  readonly plan: ReusePlan;
  /** Its target is null for the network without reuse. */
  readonly cost: OptimizeRow;
  readonly ideal: Scores;
  readonly crossbars: CrossbarScores;
  readonly trained: JobResult<Training>;
}

export interface Optimised {
  /** Trained in float32, as the paper takes its baselines. */
  readonly base: Point;
  /** The same fine-tuned as long as the others, with the crossbars' noise: what they may be compared with. */
  readonly tunedBase: Point;
  /** By target. */
  readonly points: readonly Point[];
  /** Patterns that met a target, target by target. */
  readonly patterns: readonly ReusePlan[];
}

export async function optimised(experiment: Experiment): Promise<Optimised> {
  const arch = inPairs(loadArch('trex').arch);
  const pointOf = async (cost: OptimizeRow, trained: JobResult<Training>): Promise<Point> => ({
    plan: cost.reuse,
    cost,
    trained,
    ideal: await experiment.ideal(cost.reuse, trained),
    crossbars: await experiment.onCrossbars(cost.reuse, trained, arch.devices),
  });
  const { model, task } = experiment;
  const results: OptimizeResult[] = [];
  for (const text of task.targets) {
    const target = parseTarget({ targetDelay: text });
    results.push(await optimize({ arch, model, target, openTraining: async () => trainingOf(experiment) }));
  }
  const [{ baseline }] = results;
  const base = await pointOf(baseline, await experiment.base());
  const tunedBase = await pointOf(baseline, await fineTuned(experiment, noReuse));
  const points: Point[] = [];
  for (const { row } of results) points.push(await pointOf(row, await fineTuned(experiment, row.reuse)));
  const patterns = results.flatMap(result => result.patterns.filter(({ meets }) => meets));
  return { base, tunedBase, points, patterns };
}

/** Steps 3 and 4 from the task's own network without reuse. */
const trainingOf = ({ task, context, evaluator }: Experiment) => ({
  budget: {
    fraction: task.fraction,
    partialEpochs: task.partialEpochs,
    finalEpochs: task.finalEpochs,
    baseEpochs: 0,
    variation: true,
    seed: context.study.seed,
  },
  evaluator,
  store: memoryStore(),
});

export interface PartialOptions {
  readonly keep?: Keep;
  /** Another order of the samples, and another start of the transformation blocks. */
  readonly seed?: number;
}

/** Step 3 for one pattern. */
export async function partlyTrained(
  experiment: Experiment,
  plan: ReusePlan,
  { keep = [], seed = experiment.context.study.seed }: PartialOptions = {},
): Promise<Training> {
  const { partialEpochs: epochs, fraction } = experiment.task;
  const pruning = pruningOf(keep);
  const kept = pruning === undefined ? '' : `, keep ${keepText(keep)}`;
  const id = `partial ${plan.pattern}${kept}, seed ${seed}`;
  const job = { id, stage: 'partial', plan, pruning, epochs, fraction, variation: false, seed } as const;
  return (await experiment.train(job)).value;
}

/** Step 4: all data, with the crossbars' noise in the forward pass. */
export const fineTuned = (
  experiment: Experiment,
  plan: ReusePlan,
  device?: DeviceOptions,
): Promise<JobResult<Training>> => {
  const { finalEpochs: epochs } = experiment.task;
  const id = `fine-tune ${plan.pattern}`;
  return experiment.train({ id, stage: 'final', plan, epochs, fraction: 1, variation: true }, device);
};
