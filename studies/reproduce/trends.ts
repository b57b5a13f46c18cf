/** What is trained for docs/trends.md: reuse patterns of several sizes in part, and a series of reuse encoders to the end, once for every seed. */
import { uniformStream } from '../../src/base/random.ts';
import { sum } from '../../src/base/sum.ts';
import type { Scores } from '../../src/report/accuracy-result.ts';
import { uniformPatterns } from '../../src/workload/patterns.ts';
import { noReuse, planOf, type ReusePlan, reusePlan } from '../../src/workload/reuse.ts';
import { type Experiment, openExperiment, type StudyContext } from './experiment.ts';
import type { Trained } from './fair.ts';
import { partlyTrained } from './optimise.ts';
import { randomPlans } from './random-plans.ts';
import type { Task, Trends } from './tasks.ts';

/** A pattern, and how it was made. */
export interface TrendPattern {
  readonly plan: ReusePlan;
  readonly kind: string;
  readonly sl: number | null;
}

export interface TrendPatternResult extends Trained {
  readonly plan: ReusePlan;
}

/** A network with reuse encoders, or none, that was trained to the end. */
export interface ReuseResult {
  readonly plan: ReusePlan;
  /** On the whole test part, by seed. */
  readonly scores: readonly Scores[];
}

export interface TaskTrends {
  readonly task: Task;
  readonly model: Experiment['model'];
  readonly seeds: readonly number[];
  /** Without reuse, before any fine-tuning. */
  readonly base: ReuseResult;
  /** Without reuse first. */
  readonly reuse: readonly ReuseResult[];
  readonly patterns: readonly TrendPatternResult[];
}

/** Trains all of it, seed by seed; a seed draws the data, the weights at the start and the order of the samples. */
export async function trendsOf(task: Task, trends: Trends, context: StudyContext): Promise<TaskTrends> {
  const experiments = trends.seeds.map(seed =>
    openExperiment(task, { ...context, study: { ...context.study, seed } }),
  );
  const [{ model }] = experiments;
  const patterns = trends.sizes.flatMap(count => patternsOfSize(model.encoders, count, trends.random));
  const plans = trends.reuse.map(count => (count === 0 ? noReuse : lastEncoders(model.encoders, count)));
  const bySeed: { base: Scores; reuse: Scores[]; losses: number[] }[] = [];
  try {
    for (const experiment of experiments) bySeed.push(await seedOf(experiment, plans, patterns));
  } finally {
    for (const experiment of experiments) await experiment.close();
  }
  return {
    task,
    model,
    seeds: trends.seeds,
    base: { plan: noReuse, scores: bySeed.map(({ base }) => base) },
    reuse: plans.map((plan, i) => ({ plan, scores: bySeed.map(({ reuse }) => reuse[i]) })),
    patterns: patterns.map(({ plan, kind, sl }, i) => ({
      plan,
      kind,
      sl,
      encoders: plan.encoders,
      losses: bySeed.map(({ losses }) => losses[i]),
    })),
  };
}

async function seedOf(
  experiment: Experiment,
  plans: readonly ReusePlan[],
  patterns: readonly TrendPattern[],
): Promise<{ base: Scores; reuse: Scores[]; losses: number[] }> {
  const base = await experiment.ideal(noReuse, await experiment.base());
  const losses: number[] = [];
  for (const { plan } of patterns) losses.push((await partlyTrained(experiment, plan)).loss);
  const reuse: Scores[] = [];
  for (const plan of plans) reuse.push(await experiment.ideal(plan, await tuned(experiment, plan)));
  return { base, reuse, losses };
}

/** All data, in float32; also the network without reuse, which is trained as much longer as the others. */
const tuned = (experiment: Experiment, plan: ReusePlan) =>
  experiment.train({
    id: `fine-tune ${plan.pattern}, float32`,
    stage: 'final',
    plan,
    epochs: experiment.task.finalEpochs,
    fraction: 1,
    variation: false,
  });

/** A series in which each plan holds the one before it: more reuse encoders are the one thing that changes. */
const lastEncoders = (encoders: number, count: number): ReusePlan =>
  reusePlan(
    Array.from({ length: count }, (_, i) => encoders - count + i),
    encoders,
  );

/** Every uniform pattern of a size, and random ones whose mean place is that of a uniform one. */
export function patternsOfSize(encoders: number, size: number, count: number): TrendPattern[] {
  const uniform = uniformPatterns(encoders, size);
  const places = new Set(uniform.map(pattern => total(pattern.encoders)));
  const random = randomPlans({
    encoders,
    size,
    count,
    known: uniform.map(pattern => pattern.encoders),
    random: uniformStream(1, 'reproduce/trends/random', size),
    fits: drawn => places.has(total(drawn)),
  });
  return [
    ...uniform.map(pattern => ({ plan: planOf(pattern), kind: pattern.kind, sl: pattern.sl })),
    ...random.map(plan => ({ plan, kind: 'random', sl: null })),
  ];
}

const total = (encoders: readonly number[]): number => sum(encoders, encoder => encoder);
