/** Random sets of reuse encoders, for partial trainings that a prediction is fitted to or held against. */
import { uniformStream } from '../base/random.ts';
import { type ReusePlan, reusePlan } from '../workload/reuse.ts';

/** A small network has few sets; draws before a search gives up (assumed). */
const TRIES = 1000;

/** Different sets, every size in turn; fewer than `count` where there are no more that are not `known`. */
export function randomSets(encoders: number, count: number, known: ReadonlySet<string>): ReusePlan[] {
  const random = uniformStream(1, 'optimize/random-sets');
  const seen = new Set(known);
  const plans: ReusePlan[] = [];
  for (let tries = 0; plans.length < count && tries < TRIES; tries++) {
    const size = 1 + (tries % (encoders - 1));
    const left = Array.from({ length: encoders - 1 }, (_, i) => i + 1);
    const drawn = Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
    const plan = reusePlan(drawn, encoders);
    if (seen.has(plan.encoders.join())) continue;
    seen.add(plan.encoders.join());
    plans.push(plan);
  }
  return plans;
}
