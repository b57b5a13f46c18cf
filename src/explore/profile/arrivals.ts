/** Inputs that come at random times (Poisson) to a chip that takes one after another, first come first served: an M/G/1 queue, input by input. */
import { usageError } from '../../base/errors.ts';
import { uniformStream } from '../../base/random.ts';
import { sum } from '../../base/sum.ts';
import { type Counted, percentilesOf } from '../../report/percentiles.ts';
import type { ArrivalResult } from '../../report/profile-result.ts';
import { toSeconds, toTicks } from '../../sim/tick.ts';

/** Arrivals that are counted, and those before them, in which the queue fills. */
const IMAGES = 200_000;
const WARM_UP = 20_000;

export interface Arrivals {
  readonly rate_Hz: number;
  readonly seed: number;
  /** Drawn between inputs: leakage and idle clocks. */
  readonly idle_W: number;
}

/**
 * `services`: seconds that inputs take, drawn by their counts, each input on its own.
 * @throws TrexError (usage) for a rate that the chip cannot keep up with.
 */
export function queued(services: readonly Counted[], { rate_Hz, seed, idle_W }: Arrivals): ArrivalResult {
  const total = sum(services, ({ count }) => count);
  const mean_s = percentilesOf(services).mean;
  const utilization = rate_Hz * mean_s;
  if (utilization >= 1)
    throw usageError(
      `--arrival poisson=${rate_Hz}: the chip takes ${1 / mean_s} inputs/s, and the queue would grow for ever: stay below`,
    );
  const square = sum(services, ({ value, count }) => value * value * count) / total;
  const between = uniformStream(seed, 'arrival', 'time');
  const which = uniformStream(seed, 'arrival', 'input');
  const draw = drawBy(services);
  const waits: Counted[] = [];
  const responses: Counted[] = [];
  // Lindley's recursion, in whole ticks: what is left of the queue when the next input comes.
  let wait = 0;
  for (let i = 0; i < WARM_UP + IMAGES; i++) {
    const service = toTicks(draw(which()));
    if (i >= WARM_UP) {
      waits.push({ value: toSeconds(wait), count: 1 });
      responses.push({ value: toSeconds(wait + service), count: 1 });
    }
    const gap = toTicks(-Math.log(1 - between()) / rate_Hz);
    wait = Math.max(0, wait + service - gap);
  }
  return {
    rate_Hz,
    utilization,
    images: IMAGES,
    waiting_s: percentilesOf(waits),
    expectedWaiting_s: (rate_Hz * square) / (2 * (1 - utilization)),
    response_s: percentilesOf(responses),
    idleEnergy_J: idle_W * (1 / rate_Hz - mean_s),
  };
}

/** Seconds that an input takes, by a uniform number. */
function drawBy(services: readonly Counted[]): (u: number) => number {
  const total = sum(services, ({ count }) => count);
  let seen = 0;
  const ends = services.map(({ count }) => (seen += count) / total);
  return u => {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] > u) high = middle;
      else low = middle + 1;
    }
    return services[low].value;
  };
}
