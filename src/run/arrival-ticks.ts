/** The ticks at which images come; loaded only where they overlap, with the random numbers that it needs. */
import { uniformStream } from '../base/random.ts';
import { type Tick, toTicks } from '../sim/tick.ts';
import type { Arrival } from './arrivals.ts';

/** Ticks from the first image to each of `images`; undefined where the next one is always there. @throws TimeOverflow, later, beyond the kernel's last tick */
export function arrivalTicks(arrival: Arrival, images: number, seed: number): Tick[] | undefined {
  if (arrival.kind === 'back-to-back') return undefined;
  const { kind, rate_Hz } = arrival;
  if (kind === 'rate') return Array.from({ length: images }, (_, i) => toTicks(i / rate_Hz));
  const between = uniformStream(seed, 'arrival', 'time');
  let at: Tick = 0;
  return Array.from({ length: images }, (_, i) => {
    if (i > 0) at += toTicks(-Math.log(1 - between()) / rate_Hz);
    return at;
  });
}
