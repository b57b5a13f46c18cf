/** Random shares of patches: for partial trainings that a prediction is fitted to or held against, and for a search to start from. */
import { uniformStream } from '../base/random.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import type { Keep } from './keep.ts';

/** For each plan, with some `chance` of any; patches go before encoders with attention of their own, never the first. */
export function randomKeeps(
  plans: readonly ReusePlan[],
  encoders: number,
  shares: readonly number[],
  seed: string | number,
  chance = 0.5,
): Keep[] {
  const random = uniformStream(seed, 'optimize/random-keep');
  return plans.map(plan => {
    const prunes = random() < chance;
    return Array.from({ length: encoders }, (_, e) => {
      const share = shares[Math.floor(random() * shares.length)];
      return prunes && e > 0 && !plan.encoders.includes(e) ? share : 1;
    });
  });
}
