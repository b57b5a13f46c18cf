/** Steps 1 and 2 of the optimiser: how many encoders must reuse attention, and the uniform patterns of that number (TReX, arXiv 2408.12742, section 4). */
import { TrexError } from '../base/errors.ts';
import type { OptimizeTarget, PatternRow, TriedCount } from '../report/optimize-result.ts';
import { noReuse, type ReusePlan, type ReuseRoom, uniformPlans } from '../workload/reuse.ts';
import type { CostModel } from './cost-model.ts';
import { minimumReuse } from './minimum-reuse.ts';
import { type Figures, meets } from './target.ts';

/** A pattern with its costs. */
export interface Candidate {
  readonly plan: ReusePlan;
  readonly kind: string;
  readonly figures: Figures;
  readonly meets: boolean;
}

/** The fewest reuse encoders that meet a target, and the patterns with so many. */
export interface Plan {
  readonly count: number;
  readonly tried: readonly TriedCount[];
  /** Best first by the paper's findings: strided before pyramid before continuous, larger SL, later start. */
  readonly candidates: readonly Candidate[];
}

/** @throws TrexError if the target cannot be reached. `onStep` hears the runs that are done, and how many there may be. */
export async function planReuse(
  cost: CostModel,
  room: ReuseRoom,
  target: OptimizeTarget,
  onStep: (done: number, total: number) => void = () => {},
): Promise<Plan> {
  const { count, tried } = await minimumReuse(cost, room, target, onStep);
  const plans =
    count === 0
      ? [{ plan: noReuse, kind: 'none' }]
      : uniformPlans(room, count).map(({ encoders, pattern, kind }) => ({
          plan: { encoders, pattern },
          kind,
        }));
  const candidates: Candidate[] = [];
  for (const [i, { plan, kind }] of plans.entries()) {
    const figures = await cost.figures(plan);
    candidates.push({ plan, kind, figures, meets: meets(target, figures) });
    onStep(tried.length + i + 1, tried.length + plans.length);
  }
  if (!candidates.some(c => c.meets))
    throw new TrexError(`no pattern of ${count} reuse encoders meets the target`);
  return { count, tried, candidates };
}

/** A row of the table of patterns, before anything is trained. */
export const patternRow = ({ plan, kind, figures, meets }: Candidate): PatternRow => ({
  pattern: plan.pattern,
  kind,
  encoders: plan.encoders,
  latency_s: figures.latency_s,
  energy_J: figures.energy_J,
  area_m2: figures.area_m2,
  meets,
  loss: null,
  accuracy: null,
  failed: null,
});
