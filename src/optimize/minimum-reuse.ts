/** Step 1 of the optimiser: the least number of reuse encoders that meets the target (TReX, arXiv 2408.12742, Algorithm 1). */
import { TrexError } from '../base/errors.ts';
import { smallest } from '../base/extremes.ts';
import type { OptimizeTarget, TriedCount } from '../report/optimize-result.ts';
import {
  noReuse,
  type ReusePlan,
  type ReuseRoom,
  type ReuseSpace,
  spaceOf,
  uniformPlans,
} from '../workload/reuse.ts';
import type { CostModel } from './cost-model.ts';
import { meets, metricOf, metricText } from './target.ts';

export interface MinimumReuse {
  readonly count: number;
  /** From none upwards, to the one that met the target; the least value of each. */
  readonly tried: readonly TriedCount[];
}

/**
 * Counts upwards from no reuse, as the paper does, with the minimum that its tables show (its printed loop goes one too
 * far). @throws TrexError if no number meets the target, with the best that can be reached.
 */
export async function minimumReuse(
  cost: CostModel,
  room: ReuseRoom,
  target: OptimizeTarget,
  onTried: (counts: number, of: number) => void = () => {},
): Promise<MinimumReuse> {
  const space = spaceOf(room);
  const [encoders, most] = [space.tokens.length, space.able.length];
  const tried: TriedCount[] = [];
  for (let count = 0; count <= most; count++) {
    const values: number[] = [];
    let isMet = false;
    for (const plan of unlike(cost, space, count)) {
      const figures = await cost.figures(plan);
      values.push(metricOf(target.metric, figures));
      isMet ||= meets(target, figures);
    }
    tried.push({ count, value: smallest(values) });
    if (isMet) return { count, tried };
    onTried(count + 1, most + 1);
  }
  const best = tried.reduce((a, b) => (b.value < a.value ? b : a));
  throw new TrexError(
    `the target ${metricText(target.metric, target.limit)} cannot be reached: the best is ${metricText(target.metric, best.value)}, with ${best.count} of ${encoders} encoders reusing attention${most < encoders - 1 ? ` (${most} can)` : ''}`,
  );
}

/** The best plan of each that save the same. */
function unlike(cost: CostModel, space: ReuseSpace, count: number): ReusePlan[] {
  if (count === 0) return [noReuse];
  const bySaving = new Map<string, ReusePlan>();
  for (const { encoders, pattern } of uniformPlans(space, count)) {
    const plan = { encoders, pattern };
    const saving = cost.saves(plan);
    if (!bySaving.has(saving)) bySaving.set(saving, plan);
  }
  return [...bySaving.values()];
}
