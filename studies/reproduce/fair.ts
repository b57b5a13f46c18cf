/** Fair comparisons of reuse patterns: what else could explain a difference is held equal, and seeds say how sure it is. */
import { spread } from '../../src/accuracy/statistics.ts';
import { largest, smallest } from '../../src/base/extremes.ts';
import { mean } from '../../src/base/sum.ts';

/** A pattern with its losses after partial training. */
export interface Trained {
  /** `strided`, `pyramid`, `continuous` or `random`. */
  readonly kind: string;
  readonly encoders: readonly number[];
  /** Distance of reuse encoders; null where the kind has none. */
  readonly sl: number | null;
  /** By seed. */
  readonly losses: readonly number[];
}

/** What two patterns of as many encoders have in common: the first of them, or the mean place of all. */
export type Held = 'start' | 'place';

export interface Comparison {
  /** Patterns that have one to be compared with. */
  readonly pairs: number;
  /** By seed: by how much the loss of the others is higher, mean over the pairs. */
  readonly gains: readonly number[];
}

export type Verdict = 'yes' | 'no' | 'open';

const startOf = ({ encoders }: Trained): number => encoders[0];
export const placeOf = ({ encoders }: Trained): number => mean(encoders);

/**
 * Every pattern of `better` against those of `others` that have what is held. Where none has its mean place, a straight
 * line between the nearest ones on either side stands for it.
 */
export function compared(better: readonly Trained[], others: readonly Trained[], held: Held): Comparison {
  const gains = better.flatMap(one => {
    const like = others.filter(other => other.encoders.length === one.encoders.length);
    const losses =
      held === 'start'
        ? meanLosses(like.filter(other => startOf(other) === startOf(one)))
        : lossesAt(like, placeOf(one));
    return losses === undefined ? [] : [losses.map((loss, seed) => loss - one.losses[seed])];
  });
  return { pairs: gains.length, gains: meanOf(gains) };
}

/** `yes` or `no` where the 95 % interval over the seeds leaves no room for equality. */
export function verdictOf({ gains }: Comparison): Verdict {
  if (gains.length < 2) return 'open';
  const { mean: gain, interval95 } = spread(gains);
  if (interval95 === null || Math.abs(gain) <= interval95) return 'open';
  return gain > 0 ? 'yes' : 'no';
}

/** By seed; undefined beyond the places that there are. */
function lossesAt(all: readonly Trained[], place: number): number[] | undefined {
  const at = (p: number): number[] | undefined => meanLosses(all.filter(one => placeOf(one) === p));
  const exact = at(place);
  if (exact !== undefined) return exact;
  const places = all.map(placeOf);
  const [low, high] = [largest(places.filter(p => p < place)), smallest(places.filter(p => p > place))];
  const [below, above] = [at(low), at(high)];
  if (below === undefined || above === undefined) return undefined;
  const share = (place - low) / (high - low);
  return below.map((loss, seed) => loss + share * (above[seed] - loss));
}

/** By seed; undefined for none. */
const meanLosses = (all: readonly Trained[]): number[] | undefined =>
  all.length === 0 ? undefined : meanOf(all.map(({ losses }) => losses));

const meanOf = (rows: readonly (readonly number[])[]): number[] =>
  rows.length === 0 ? [] : rows[0].map((_, seed) => mean(rows.map(row => row[seed])));
