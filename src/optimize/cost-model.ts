/** Delay, energy and area of a network on a chip for any reuse: in closed form where that is exact, else event by event. */
import type { ArchConfig } from '../arch/config.ts';
import type { SimulateHooks } from '../run/simulate.ts';
import { simulate } from '../run/simulate.ts';
import { encoderKinds, sharingEncoders } from '../workload/encoder-kinds.ts';
import { buildGraph, withTokens } from '../workload/graph.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import { closedForm, closedFormApplies } from './closed-form.ts';
import type { Figures } from './target.ts';

export interface CostModel {
  readonly method: 'closed form' | 'events';
  /** Why the closed form is not exact here; null where it is. */
  readonly reason: string | null;
  figures(plan: ReusePlan): Promise<Figures>;
  /**
   * Plans of one text cost the same but for where their tiles stand: encoders that are alike save the same, unless some of
   * them are on one set of crossbars.
   */
  saves(plan: ReusePlan): string;
}

export interface CostSpec {
  readonly arch: ArchConfig;
  readonly model: ModelConfig;
  readonly tokens?: number | undefined;
}

export function costModel(
  { arch, model, tokens }: CostSpec,
  hooks: Pick<SimulateHooks, 'pause'> = {},
): CostModel {
  const sized = tokens === undefined ? model : withTokens(model, tokens);
  const reason = closedFormApplies(sized, arch);
  const graph = buildGraph(sized);
  const kinds = encoderKinds(graph);
  const isShared = sharingEncoders(graph.ops) !== undefined;
  const saves = ({ encoders }: ReusePlan): string =>
    (isShared ? encoders : encoders.map(e => kinds[e])).join();
  if (reason === undefined) {
    return {
      method: 'closed form',
      reason: null,
      saves,
      figures: async plan => closedForm(sized, arch, plan.encoders.length),
    };
  }
  // Equal plans come twice: as a count, and as a pattern.
  const known = new Map<string, Figures>();
  return {
    method: 'events',
    reason,
    saves,
    async figures(plan) {
      const key = plan.encoders.join();
      const found = known.get(key) ?? (await simulate({ arch, model: sized, reuse: plan }, hooks)).result;
      const { latency_s, energy_J, area_m2 } = found;
      known.set(key, { latency_s, energy_J, area_m2 });
      return { latency_s, energy_J, area_m2 };
    },
  };
}
