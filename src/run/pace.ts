/** The pace of images that overlap: what a chip takes in steady state, and what holds it there. */

import { percentilesOf } from '../report/percentiles.ts';
import type { PipelineLimit, PipelineResult } from '../report/pipeline-result.ts';
import { type Tick, toSeconds } from '../sim/tick.ts';
import { type Arrival, arrivalText } from './arrivals.ts';
import type { Flow, Pace } from './machine.ts';

/** A resource or stage that has less to do than this share of the time does not set the pace. */
const ALWAYS = 0.995;

/**
 * The mean time between the ends of the later half of the images, and no less than what the busiest resource does, or the
 * longest stage takes, for one image: images that leave at the end share both with fewer that come behind them. `flow` is of
 * images back to back.
 */
export function paceOf(flow: Flow): Pace {
  const { ends, places, stages, resources } = flow;
  const images = ends.length;
  const [resource] = resources;
  const busiest = resource === undefined ? 0 : resource.busy / images;
  const stage = stages.reduce((most, other) => (other.busy > most.busy ? other : most));
  const longest = stage.busy / images;
  const perImage = Math.max(meanGap(ends, places), busiest, longest);
  const rate_Hz = 1 / toSeconds(perImage);
  const of = (by: PipelineLimit['by'], name: string, step: string | null): Pace => ({
    perImage_s: toSeconds(perImage),
    limit: { by, name, step, rate_Hz },
  });
  if (resource !== undefined && busiest >= ALWAYS * perImage)
    return of('resource', resource.kind, resource.step);
  const isFull = flow.mostUnderWay >= places;
  if (isFull && longest < ALWAYS * perImage) return of('buffer', 'globalBuffer', null);
  return of('stage', stage.steps.join(', '), stage.steps[0]);
}

/** Where so many images have room at once, as many leave in a row and the next ones a latency later: whole groups are counted. */
function meanGap(ends: readonly Tick[], places: number): Tick {
  const last = ends.length - 1;
  if (last === 0) return ends[0];
  const half = Math.ceil(last / 2);
  const gaps = places <= last ? Math.ceil(half / places) * places : half;
  const counted = gaps > last ? half : gaps;
  return (ends[last] - ends[last - counted]) / counted;
}

/** What is asked of a chip: images, and what it takes at most. */
export interface Asked {
  readonly arrival: Arrival;
  readonly pace: Pace;
}

export function pipelineOf(flow: Flow, { arrival, pace }: Asked): PipelineResult {
  const { arrivals, starts, ends, presence, most, mostUnderWay, places } = flow;
  const images = ends.length;
  const rate_Hz = arrival.kind === 'back-to-back' ? null : arrival.rate_Hz;
  const perImage_s = rate_Hz === null ? pace.perImage_s : 1 / rate_Hz;
  const spread = (times: readonly Tick[]): PipelineResult['latency_s'] =>
    percentilesOf(times.map(time => ({ value: toSeconds(time), count: 1 })));
  const used = (busy: Tick): { busy_s: number; utilization: number } => {
    const busy_s = toSeconds(busy / images);
    return { busy_s, utilization: busy_s / perImage_s };
  };
  const span = ends[images - 1] - arrivals[0];
  return {
    arrival: arrivalText(arrival),
    rate_Hz,
    capacity_Hz: 1 / pace.perImage_s,
    limit: pace.limit,
    utilization: pace.perImage_s / perImage_s,
    latency_s: spread(ends.map((end, i) => end - arrivals[i])),
    waiting_s: spread(starts.map((start, i) => start - arrivals[i])),
    inSystem: { mean: presence / span, most },
    underWay: { most: mostUnderWay, places: places === Number.POSITIVE_INFINITY ? null : places },
    stages: flow.stages.map(({ steps, busy }) => {
      const { busy_s, utilization } = used(busy);
      return { steps, busy_s, utilization };
    }),
    resources: flow.resources.map(({ kind, step, busy }) => {
      const { busy_s, utilization } = used(busy);
      return { kind, step, busy_s, utilization };
    }),
  };
}
