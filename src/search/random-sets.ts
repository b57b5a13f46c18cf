/** Random sets of reuse encoders, for partial trainings that a prediction is fitted to or held against. */
import { uniformStream } from '../base/random.ts';
import { type ReusePlan, type ReuseRoom, reusePlan, spaceOf } from '../workload/reuse.ts';

/** A small network has few sets; draws before a search gives up (assumed). */
const TRIES = 1000;

/** Different sets, every size in turn; fewer than `count` where there are no more that are not `known`. */
export function randomSets(room: ReuseRoom, count: number, known: ReadonlySet<string>): ReusePlan[] {
  const { able } = spaceOf(room);
  const random = uniformStream(1, 'optimize/random-sets');
  const seen = new Set(known);
  const plans: ReusePlan[] = [];
  for (let tries = 0; able.length > 0 && plans.length < count && tries < TRIES; tries++) {
    const size = 1 + (tries % able.length);
    const left = [...able];
    const drawn = Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
    const plan = reusePlan(drawn, room);
    if (seen.has(plan.encoders.join())) continue;
    seen.add(plan.encoders.join());
    plans.push(plan);
  }
  return plans;
}
