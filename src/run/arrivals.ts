/** When images come to a chip. */
import { usageError } from '../base/errors.ts';

/** One image after every 1 / rate seconds; or at random, so many a second on average. */
export interface RatedArrival {
  readonly kind: 'rate' | 'poisson';
  readonly rate_Hz: number;
}

/** The next image is always there, or they come at a rate. */
export type Arrival = { readonly kind: 'back-to-back' } | RatedArrival;

export const BACK_TO_BACK: Arrival = { kind: 'back-to-back' };

/** What an arrival may be, for messages and help. */
export const ARRIVAL_GRAMMAR = 'back-to-back, rate=R or poisson=R, R images a second';

/** The arrival that a text says. @throws TrexError (usage) for another text, and for no rate */
export function parseArrival(text: string): Arrival {
  if (text.trim() === 'back-to-back') return { kind: 'back-to-back' };
  const [, kind, digits] = /^(rate|poisson)=(.*)$/.exec(text.trim()) ?? [];
  if (kind === undefined) throw usageError(`--arrival ${text}: expected ${ARRIVAL_GRAMMAR}`);
  const rate_Hz = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (!(rate_Hz > 0 && rate_Hz < Number.POSITIVE_INFINITY))
    throw usageError(`--arrival ${text}: expected a rate above 0, images per second, e.g. ${kind}=50`);
  return { kind: kind === 'rate' ? 'rate' : 'poisson', rate_Hz };
}

/** Whether parseArrival() takes it. */
export const isArrival = (text: string): boolean => {
  try {
    parseArrival(text);
    return true;
  } catch {
    return false;
  }
};

/** The text that parseArrival() takes. */
export const arrivalText = (arrival: Arrival): string =>
  arrival.kind === 'back-to-back' ? arrival.kind : `${arrival.kind}=${arrival.rate_Hz}`;
