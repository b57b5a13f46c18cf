/** Step 1 of the optimiser: the least number of reuse encoders that meets the target (TReX, arXiv 2408.12742, Algorithm 1). */
import { TrexError } from '../base/errors.ts';
import type { OptimizeTarget, TriedCount } from '../report/optimize-result.ts';
import { bestPlan } from '../workload/reuse.ts';
import type { CostModel } from './cost-model.ts';
import { meets, metricOf, metricText } from './target.ts';

export interface MinimumReuse {
  readonly count: number;
  /** From none upwards, to the one that met the target. */
  readonly tried: readonly TriedCount[];
}

/**
 * Counts upwards from no reuse, as the paper does, with the minimum that its tables show (its printed loop goes one too
 * far). @throws TrexError if no number meets the target, with the best that can be reached.
 */
export async function minimumReuse(
  cost: CostModel,
  encoders: number,
  target: OptimizeTarget,
  onTried: (count: number) => void = () => {},
): Promise<MinimumReuse> {
  const tried: TriedCount[] = [];
  for (let count = 0; count < encoders; count++) {
    const figures = await cost.figures(bestPlan(count, encoders));
    tried.push({ count, value: metricOf(target.metric, figures) });
    if (meets(target, figures)) return { count, tried };
    onTried(count);
  }
  const best = tried.reduce((a, b) => (b.value < a.value ? b : a));
  throw new TrexError(
    `the target ${metricText(target.metric, target.limit)} cannot be reached: the best is ${metricText(target.metric, best.value)}, with ${best.count} of ${encoders} encoders reusing attention`,
  );
}
