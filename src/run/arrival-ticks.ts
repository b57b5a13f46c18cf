/** The ticks at which images come; loaded only where they overlap, with the random numbers that it needs. */

import { usageError } from '../base/errors.ts';
import { uniformStream } from '../base/random.ts';
import { significant } from '../base/units.ts';
import { MAX_TICK, type Tick, toSeconds, toTicks } from '../sim/tick.ts';
import { type Arrival, arrivalText, type RatedArrival } from './arrivals.ts';

/** Ticks from the first image to each of `images`; undefined where the next one is always there. @throws TrexError (usage) for images that come beyond the kernel's last tick */
export function arrivalTicks(arrival: Arrival, images: number, seed: number): Tick[] | undefined {
  if (arrival.kind === 'back-to-back') return undefined;
  const ticks = ticksOf(arrival, images, seed);
  if (ticks[images - 1] <= MAX_TICK) return ticks;
  throw usageError(
    `--arrival ${arrivalText(arrival)}: ${images} images come over more than ${significant(toSeconds(MAX_TICK), 4)} s, the longest run: fewer images, or a higher rate`,
  );
}

function ticksOf({ kind, rate_Hz }: RatedArrival, images: number, seed: number): Tick[] {
  if (kind === 'rate') return Array.from({ length: images }, (_, i) => toTicks(i / rate_Hz));
  const between = uniformStream(seed, 'arrival', 'time');
  let at: Tick = 0;
  return Array.from({ length: images }, (_, i) => {
    if (i > 0) at += toTicks(-Math.log(1 - between()) / rate_Hz);
    return at;
  });
}
