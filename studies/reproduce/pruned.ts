/** Pruned tokens for the free search: what each schedule costs the network as it is, and partial trainings of networks that prune. */
import type { Keep } from '../../src/search/keep.ts';
import { type KeepLoss, measuredKeepLoss } from '../../src/search/keep-loss.ts';
import { randomKeeps } from '../../src/search/random-keep.ts';
import { randomSets } from '../../src/search/random-sets.ts';
import type { ReuseSample } from '../../src/search/reuse-loss.ts';
import { firstSamples, type TrainData } from '../../src/train/data.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import type { Experiment } from './experiment.ts';
import { sourceOf } from './measure.ts';
import { partlyTrained } from './optimise.ts';

/** Validation inputs of a schedule, and the seconds that one takes. */
const INPUTS = 128;
const SECONDS = 0.1;

export interface Combination {
  readonly plan: ReusePlan;
  readonly keep: Keep;
}

/** Sets of reuse encoders, none of them `known`, with what goes before the others: to fit, and half of them pruned, to check. */
export function combinations(
  { context, model }: Experiment,
  shares: readonly number[],
  known: ReadonlySet<string>,
): { fitted: Combination[]; held: Combination[] } {
  const { budget, seed } = context.study;
  const plans = randomSets(model.encoders, budget.pruned + budget.trainedInFull, known);
  const keeps = [
    ...randomKeeps(plans.slice(0, budget.pruned), model.encoders, shares, seed, 1),
    ...randomKeeps(plans.slice(budget.pruned), model.encoders, shares, seed),
  ];
  const all = plans.map((plan, i) => ({ plan, keep: keeps[i] }));
  return { fitted: all.slice(0, budget.pruned), held: all.slice(budget.pruned) };
}

/** On the first validation inputs, in the network without reuse. */
export async function openKeepLoss(experiment: Experiment, validation: TrainData): Promise<KeepLoss> {
  const { model } = experiment;
  const weights = (await experiment.base()).bytes as Uint8Array;
  const source = sourceOf({ model, plan: noReuse, weights });
  return measuredKeepLoss({
    model,
    weights: source.weights(buildGraph(model)),
    data: firstSamples(validation, INPUTS),
  });
}

/** The losses of some schedules. */
export async function keepLosses(experiment: Experiment, keeps: readonly Keep[]): Promise<number[]> {
  const { id } = await experiment.base();
  return experiment.job<number[]>({
    label: 'pruned tokens, untrained',
    inputs: { kind: 'keep losses', network: id, keeps, count: INPUTS },
    cost: keeps.length * SECONDS,
    blank: keeps.map(() => 0),
    async run(_, pause, validation) {
      const keepLoss = await openKeepLoss(experiment, validation);
      const losses: number[] = [];
      for (const [i, keep] of keeps.entries()) {
        await pause(i, keeps.length);
        losses.push(await keepLoss(keep));
      }
      return losses;
    },
  });
}

/** Partial trainings, for the fit. */
export async function prunedSamples(
  experiment: Experiment,
  all: readonly Combination[],
): Promise<ReuseSample[]> {
  const losses = await keepLosses(
    experiment,
    all.map(({ keep }) => keep),
  );
  const samples: ReuseSample[] = [];
  for (const [i, { plan, keep }] of all.entries()) {
    const { loss } = await partlyTrained(experiment, plan, { keep });
    samples.push({ encoders: plan.encoders, keepLoss: losses[i], loss });
  }
  return samples;
}
