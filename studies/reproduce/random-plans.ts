/** Random sets of reuse encoders, to hold uniform patterns against. */
import type { RandomStream } from '../../src/base/random.ts';
import { type ReusePlan, reusePlan } from '../../src/workload/reuse.ts';

interface RandomPlans {
  readonly encoders: number;
  /** Reuse encoders of each. */
  readonly size: number;
  readonly count: number;
  /** Sets that are not drawn. */
  readonly known: readonly (readonly number[])[];
  readonly random: RandomStream;
  /** What a set must be like; default anything. */
  readonly fits?: (encoders: readonly number[]) => boolean;
}

/** Draws for one set. */
const TRIES = 1000;

/** Different sets; fewer than asked for where there are no more. */
export function randomPlans(options: RandomPlans): ReusePlan[] {
  const { encoders, size, count, random, fits = () => true } = options;
  const known = new Set(options.known.map(set => set.join()));
  const plans: ReusePlan[] = [];
  for (let tries = 0; plans.length < count && tries < TRIES * count; tries++) {
    const left = Array.from({ length: encoders - 1 }, (_, i) => i + 1);
    const drawn = Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
    const plan = reusePlan(drawn, encoders);
    if (known.has(plan.encoders.join()) || !fits(plan.encoders)) continue;
    known.add(plan.encoders.join());
    plans.push(plan);
  }
  return plans;
}
