/** Which random number belongs to which conversion: a stream per array and group of tokens, a counter inside. */
import { COUNTERS, type StreamKey, subKey } from '../../base/random.ts';
import { numberedKey } from '../noise/numbered-key.ts';
import type { MvmPlan } from './spec.ts';

/** Strips of noise across the columns. */
export const stripsOf = ({ spec }: MvmPlan): number => Math.ceil(spec.cols / spec.strip);

/** Tokens that share the streams of one group: their counters fit into 24 bits. */
export const tokensPerGroup = (plan: MvmPlan): number =>
  Math.floor(COUNTERS / (plan.planes.length * stripsOf(plan)));

/**
 * The counter of a strip is ((token in group) * planes + plane) * strips + strip; the column's place in the strip is
 * added to both table indices.
 */
export const stripCounter = (plan: MvmPlan, token: number, plane: number, strip: number): number =>
  ((token % tokensPerGroup(plan)) * plan.planes.length + plane) * stripsOf(plan) + strip;

/** Round keys of a group of tokens, [block][slice][7]. */
export function readKeys(plan: MvmPlan, key: StreamKey, group: number): Int32Array {
  const stream = subKey(key, 'conversion', group);
  const arrays = Array.from({ length: plan.blocks * plan.slices }, (_, array) => numberedKey(stream, array));
  return Int32Array.from(arrays.flat());
}
