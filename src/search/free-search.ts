/** The free search: NSGA-II over encoder subsets, devices and token keep ratios per encoder, and ADC bits, on latency, energy, area and the loss that is predicted; TReX's uniform patterns are where it starts. */
import type { ArchConfig } from '../arch/config.ts';
import type { Figures } from '../optimize/target.ts';
import { type Candidate, type Genome, nsga2 } from '../pareto/nsga2.ts';
import { simulate } from '../run/simulate.ts';
import { encoderKinds } from '../workload/encoder-kinds.ts';
import { buildGraph } from '../workload/graph.ts';
import type { ModelConfig } from '../workload/model.ts';
import { noReuse, type ReusePlan, type ReuseRoom, spaceOf, uniformPlans } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import {
  choicesOf,
  type Design,
  type DesignSpace,
  designOf,
  devicesOf,
  plainGenome,
  repaired,
  withKeep,
} from './design.ts';
import { prunedModel, tokensOf } from './keep.ts';
import { randomKeeps } from './random-keep.ts';

/** A network, the chip, what a design may be made of, and how losses are predicted. */
export interface FreeSearch {
  readonly model: ModelConfig;
  /** Its devices are those of the space. */
  readonly arch: ArchConfig;
  readonly space: DesignSpace;
  /** Nats. */
  predictedLoss(design: Design): number | Promise<number>;
  readonly population: number;
  readonly generations: number;
  readonly seed: string | number;
  /** Of the uniform patterns that the search starts from. */
  readonly startBits: number;
  /** What each kind of chip costs: those that are known, and those that the search runs. */
  readonly prices?: Map<string, Figures> | undefined;
  /** After each generation. */
  readonly onGeneration?: (() => void) | undefined;
}

/** A design of the search: s, J, m2 of one image, and the predicted loss in nats. */
export interface FreeDesign extends Figures {
  readonly genome: Genome;
  readonly predictedLoss: number;
}

/** What a search found. */
export interface FreeResult {
  /** None of all that were evaluated is better in one and worse in no objective; by latency. */
  readonly front: readonly FreeDesign[];
  /** The uniform patterns of every number, with one device and `startBits` everywhere. */
  readonly uniform: readonly (FreeDesign & { readonly plan: ReusePlan })[];
  readonly evaluated: readonly FreeDesign[];
}

/** Every uniform pattern that a network has room for, and no reuse. */
export const startPlans = (room: ReuseRoom): ReusePlan[] => [
  noReuse,
  ...spaceOf(room).able.flatMap((_, i) =>
    uniformPlans(room, i + 1).map(({ encoders, pattern }) => ({ encoders, pattern })),
  ),
];

/** The same options give the same result. `pause` may throw. */
export async function freeSearch(
  search: FreeSearch,
  pause: (done: number, total: number) => Promise<void> = async () => {},
): Promise<FreeResult> {
  const { model, space, population, generations, seed, startBits } = search;
  const plans = startPlans(reuseSpace(model));
  const start = plans.map(plan => repaired(plainGenome(plan, 0, startBits, space), space));
  // The same once more with patches that go: mutation alone finds few of them in so many genes.
  const pruned =
    space.keep.length === 1
      ? []
      : randomKeeps(plans, space.encoders, space.keep, seed, 1).map((keep, i) =>
          withKeep(start[i], keep, space),
        );
  const total = start.length + pruned.length + population * generations;
  const price = pricer(search);
  let done = 0;
  const { front, evaluated } = await nsga2(
    {
      choices: choicesOf(space),
      repair: genome => repaired(genome, space),
      async evaluate(genome) {
        await pause(done++, total);
        const design = designOf(genome, space);
        const { latency_s, energy_J, area_m2 } = await price(design);
        return [latency_s, energy_J, area_m2, await search.predictedLoss(design)];
      },
    },
    {
      population,
      generations,
      seed: `${seed}/${model.name}`,
      start: [...start, ...pruned],
      onGeneration() {
        search.onGeneration?.();
        return false;
      },
    },
  );
  const all = evaluated.map(freeDesign);
  const byGenome = new Map(all.map(design => [design.genome.join(), design]));
  return {
    front: front.map(freeDesign),
    uniform: plans.map((plan, i) => ({ plan, ...(byGenome.get(start[i].join()) as FreeDesign) })),
    evaluated: all,
  };
}

/** Runs each kind of chip once: encoders run one after another, so the order of those with equal tokens changes nothing. */
function pricer({
  model,
  arch,
  space,
  prices = new Map(),
}: FreeSearch): (design: Design) => Promise<Figures> {
  const alike = encoderKinds(buildGraph(model));
  return async design => {
    const tokens = tokensOf(model, design.keep);
    const kinds = design.static.map(
      (device, e) =>
        `${device}${design.plan.encoders.includes(e) ? '-' : design.dynamic[e]}/${tokens[e]}/${alike[e]}`,
    );
    const key = `${design.adcBits} ${kinds.toSorted().join(' ')}`;
    let figures = prices.get(key);
    if (figures === undefined) {
      const devices = devicesOf(design, space);
      const network = prunedModel(model, design.keep);
      const { result } = await simulate({ arch: { ...arch, devices }, model: network, reuse: design.plan });
      const { latency_s, energy_J, area_m2 } = result;
      prices.set(key, (figures = { latency_s, energy_J, area_m2 }));
    }
    return figures;
  };
}

function freeDesign({ genome, objectives }: Candidate): FreeDesign {
  const [latency_s, energy_J, area_m2, predictedLoss] = objectives;
  return { genome, latency_s, energy_J, area_m2, predictedLoss };
}
