/** The optimiser on one task: every target's number of reuse encoders, its patterns trained in part, the best one fine-tuned with the crossbars' noise, and what is left of its accuracy (TReX, arXiv 2408.12742, section 4). */

import type { DeviceOptions } from '../../src/accuracy/device.ts';
import type { ArchConfig } from '../../src/arch/config.ts';
import { TrexError } from '../../src/base/errors.ts';
import { costModel } from '../../src/optimize/cost-model.ts';
import { type Candidate, planReuse } from '../../src/optimize/plan.ts';
import { parseTarget } from '../../src/optimize/target.ts';
import type { Scores } from '../../src/report/accuracy-table.ts';
import type { OptimizeTarget } from '../../src/report/optimize-result.ts';
import type { Result } from '../../src/report/result.ts';
import { type Keep, keepText, pruningOf } from '../../src/search/keep.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import type { Finished } from './jobs.ts';
import { type Lab, PAIRS, type Training } from './lab.ts';
import type { CrossbarScores } from './measure.ts';

/** A network that was trained to the end, priced and measured. */
export interface Point {
  readonly plan: ReusePlan;
  /** Null for the network without reuse. */
  readonly target: OptimizeTarget | null;
  readonly cost: Result;
  readonly ideal: Scores;
  readonly crossbars: CrossbarScores;
  readonly trained: Finished<Training>;
}

export interface PatternLoss {
  readonly plan: ReusePlan;
  readonly kind: string;
  readonly training: Training;
}

export interface Optimised {
  /** Trained in float32, as the paper takes its baselines. */
  readonly base: Point;
  /** The same fine-tuned as long as the others, with the crossbars' noise: what they may be compared with. */
  readonly tunedBase: Point;
  readonly points: readonly (Point & { readonly patterns: readonly PatternLoss[] })[];
}

export async function optimised(lab: Lab): Promise<Optimised> {
  const { task, model, place } = lab;
  const arch = place.loadArch('trex', undefined, PAIRS);
  const trainedBase = await lab.base();
  const base = await pointOf(lab, arch, noReuse, null, trainedBase);
  const tunedBase = await pointOf(lab, arch, noReuse, null, await finalOf(lab, noReuse));
  const points: Optimised['points'][number][] = [];
  for (const word of task.targets) {
    const target = parseTarget({ targetDelay: word });
    const { candidates } = await planReuse(costModel({ arch, model }), model.encoders, target);
    const patterns: PatternLoss[] = [];
    for (const candidate of candidates.filter(c => c.meets)) patterns.push(await partOf(lab, candidate));
    const { plan } = leastLoss(patterns);
    points.push({ ...(await pointOf(lab, arch, plan, target, await finalOf(lab, plan))), patterns });
  }
  return { base, tunedBase, points };
}

/** Step 3 for one pattern. `seed`: another order of the samples, and another start of the transformation blocks. */
export async function partOf(
  lab: Lab,
  { plan, kind, keep = [] }: Pick<Candidate, 'plan' | 'kind'> & { readonly keep?: Keep },
  seed?: number,
): Promise<PatternLoss> {
  const { partialEpochs: epochs, fraction } = lab.task;
  const pruning = pruningOf(keep);
  const kept = pruning === undefined ? '' : `, keep ${keepText(keep)}`;
  const id = `partial ${plan.pattern}${kept}${seed === undefined ? '' : `, seed ${seed}`}`;
  const words = { id, stage: 'partial', plan, pruning, epochs, fraction, variation: false } as const;
  const { value } = await lab.train({ ...words, ...(seed !== undefined && { seed }) });
  return { plan, kind, training: value };
}

/** Step 4: all data, with the crossbars' noise in the forward pass. */
export const finalOf = (lab: Lab, plan: ReusePlan, device?: DeviceOptions): Promise<Finished<Training>> => {
  const { finalEpochs: epochs } = lab.task;
  const id = `fine-tune ${plan.pattern}`;
  return lab.train({ id, stage: 'final', plan, epochs, fraction: 1, variation: true }, device);
};

async function pointOf(
  lab: Lab,
  arch: ArchConfig,
  plan: ReusePlan,
  target: OptimizeTarget | null,
  trained: Finished<Training>,
): Promise<Point> {
  return {
    plan,
    target,
    trained,
    cost: await lab.price(plan, arch),
    ideal: await lab.ideal(plan, trained),
    crossbars: await lab.onCrossbars(plan, trained, arch.devices),
  };
}

/** @throws TrexError if none could be trained. */
function leastLoss(patterns: readonly PatternLoss[]): PatternLoss {
  const [best] = patterns
    .filter(p => p.training.failed === null)
    .toSorted((a, b) => a.training.loss - b.training.loss);
  if (best === undefined) throw new TrexError(`none of ${patterns.length} patterns could be trained`);
  return best;
}
