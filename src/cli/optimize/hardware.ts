/** The hardware half of an optimisation: files, target, patterns that meet it, and the rows that events give. */
import type { ArchConfig } from '../../arch/config.ts';
import type { FileHash } from '../../arch/source-files.ts';
import { costModel } from '../../optimize/cost-model.ts';
import { type Plan, planReuse } from '../../optimize/plan.ts';
import { type Measured, optimizeRow } from '../../optimize/row.ts';
import { parseTarget, type TargetWords } from '../../optimize/target.ts';
import type { OptimizeRow, OptimizeTarget } from '../../report/optimize-result.ts';
import { loadArch, loadModel } from '../../run/node/load.ts';
import { simulate } from '../../run/simulate.ts';
import { withTokens } from '../../workload/graph.ts';
import type { ModelConfig } from '../../workload/model.ts';
import type { ReusePlan } from '../../workload/reuse.ts';

export interface HardwareWords extends TargetWords {
  readonly arch: string;
  readonly tech: string | undefined;
  readonly model: string;
  readonly tokens: number | undefined;
  readonly set: readonly string[];
}

export interface Hardware {
  readonly arch: ArchConfig;
  readonly model: ModelConfig;
  readonly target: OptimizeTarget;
  readonly method: 'closed form' | 'events';
  readonly methodReason: string | null;
  readonly plan: Plan;
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
  /** Runs a network event by event. */
  row(plan: ReusePlan, target: OptimizeTarget | null, measured: Measured): Promise<OptimizeRow>;
}

export interface HardwareHooks {
  /** May throw. */
  pause(): Promise<void>;
  onStep(done: number, total: number): void;
}

/** Steps 1 and 2. @throws TrexError for files and words that do not go together, and for a target out of reach. */
export async function planHardware(
  words: HardwareWords,
  { pause, onStep }: HardwareHooks,
): Promise<Hardware> {
  const target = parseTarget(words);
  const loaded = loadArch(words.arch, { tech: words.tech, set: words.set });
  const network = loadModel(words.model, { set: words.set });
  const { arch } = loaded;
  const model = words.tokens === undefined ? network.model : withTokens(network.model, words.tokens);
  const cost = costModel({ arch, model }, { pause });
  const plan = await planReuse(cost, model.encoders, target, onStep);
  return {
    arch,
    model,
    target,
    method: cost.method,
    methodReason: cost.reason,
    plan,
    files: [...loaded.files, ...network.files],
    warnings: [...loaded.warnings, ...network.warnings],
    async row(reuse, limit, measured) {
      const { result } = await simulate({ arch, model, reuse }, { pause });
      return optimizeRow(result, limit, measured);
    },
  };
}
