/** Stuck cells: a fraction cannot leave the highest or the lowest conductance (MNSIM: 0.1 % each; early RRAM 1.75 % / 9.04 %). */
import { usageError } from '../../base/errors.ts';
import { COUNTERS } from '../../base/random.ts';

export interface Stuck {
  /** Probability of a cell stuck at the highest level. */
  readonly on: number;
  /** Probability of a cell stuck at level 0. */
  readonly off: number;
}

/** Bounds on a 24-bit uniform integer u: below `off` stuck at level 0, below `on` stuck at the highest level. */
export function stuckBounds({ on, off }: Stuck): { off: number; on: number } {
  if (!(on >= 0 && off >= 0 && on + off <= 1)) {
    throw usageError(`stuck cells: fractions from 0 to 1 with a sum of at most 1, got ${on} and ${off}`);
  }
  return { off: Math.round(off * COUNTERS), on: Math.round((off + on) * COUNTERS) };
}
