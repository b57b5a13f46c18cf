/** The hardware half of an optimisation: the patterns that meet a target, and the rows that events give. */
import type { ArchConfig } from '../arch/config.ts';
import type { ProgressHooks } from '../base/progress.ts';
import type { OptimizeRow, OptimizeTarget } from '../report/optimize-result.ts';
import { simulate } from '../run/simulate.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import { costModel } from './cost-model.ts';
import { type Plan, planReuse } from './plan.ts';
import { type Measured, optimizeRow } from './row.ts';

/** A network on a chip, and the target. */
export interface HardwareOptions {
  readonly arch: ArchConfig;
  readonly model: ModelConfig;
  readonly target: OptimizeTarget;
}

/** The answer of steps 1 and 2: the fewest reuse encoders, and the patterns with so many. */
export interface HardwarePlan extends HardwareOptions {
  readonly method: 'closed form' | 'events';
  readonly methodReason: string | null;
  readonly plan: Plan;
  /** Patterns that meet the target, best first by the paper's findings. */
  readonly plans: readonly ReusePlan[];
  /** Runs a network event by event. */
  row(plan: ReusePlan, target: OptimizeTarget | null, measured: Measured): Promise<OptimizeRow>;
}

/** Steps 1 and 2. @throws TrexError for a target out of reach. */
export async function planHardware(
  options: HardwareOptions,
  { onProgress, pause }: ProgressHooks = {},
): Promise<HardwarePlan> {
  const { arch, model, target } = options;
  const hooks = pause === undefined ? {} : { pause };
  const cost = costModel({ arch, model }, hooks);
  const plan = await planReuse(cost, reuseSpace(model), target, (done, total) =>
    onProgress?.({ label: 'optimize', unit: 'runs', done, total }),
  );
  return {
    arch,
    model,
    target,
    method: cost.method,
    methodReason: cost.reason,
    plan,
    plans: plan.candidates.filter(c => c.meets).map(c => c.plan),
    row: async (reuse, limit, measured) =>
      optimizeRow({ model, arch }, (await simulate({ arch, model, reuse }, hooks)).result, limit, measured),
  };
}
