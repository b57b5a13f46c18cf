/** The timeline of an image as it stands in a page: steps by unit, their jobs, and what was at work; of images that overlap steps by image. */

import { largest, smallest } from '../../base/extremes.ts';
import { type Tick, toTicks } from '../../sim/tick.ts';
import type { JobTimes, Observation } from '../observation.ts';
import type { BusySlice } from '../resource-tracks.ts';
import type { LayerRow } from '../result.ts';
import { packed, packIntervals, unpacked, unpackIntervals } from './intervals.ts';
import { UNITS } from './trees.ts';

/** Slices of a kind of resource, at most: more than a screen has columns. */
const MOST_SLICES = 2 ** 11;
const FIRST_PAUSE: Tick = 1000;

/** One image in time, or several that overlap, packed: texts hold whole numbers of picoseconds. */
export interface PackedTimeline {
  readonly end: Tick;
  readonly steps: readonly {
    readonly step: string;
    readonly stage: string;
    readonly unit: string;
    /** Number of the image, of several. */
    readonly image?: number;
    readonly span: readonly [Tick, Tick];
    readonly jobs: string;
  }[];
  readonly resources: readonly {
    readonly name: string;
    readonly all: number;
    readonly slices: string;
    /** Time over all of the kind, by slice. */
    readonly busy: string;
  }[];
}

/** One image in time, or several that overlap. */
export interface Timeline {
  readonly end: Tick;
  /** Rows are images, not units. */
  readonly byImage: boolean;
  readonly units: readonly {
    readonly name: string;
    readonly steps: readonly {
      readonly step: string;
      readonly stage: string;
      readonly start: Tick;
      readonly end: Tick;
    }[];
    /** Of all its steps, starts and ends in turn, and the step that each is of. */
    readonly jobs: Float64Array;
    readonly of: Int32Array;
  }[];
  readonly resources: readonly {
    readonly name: string;
    readonly all: number;
    readonly slices: Float64Array;
    /** Average at work in each slice. */
    readonly average: Float64Array;
  }[];
}

export function packedTimeline(seen: Observation, layers: readonly LayerRow[]): PackedTimeline {
  const steps =
    seen.overlapping?.flatMap(({ image, jobs }) => stepsOf(layers, jobs, image)) ??
    layers.map(row => stepOf(row, seen.jobs, [toTicks(row.start_s), toTicks(row.end_s)]));
  const end = Math.max(1, largest(steps.map(({ span }) => span[1])));
  return {
    end,
    steps,
    resources: seen.resources
      .filter(({ slices }) => slices.length > 0)
      .map(({ track, slices }) => {
        const few = merged(slices);
        return {
          name: track.kind,
          all: track.all,
          slices: packIntervals(few.flatMap(slice => [slice.start, slice.end])),
          busy: packed(few.map(slice => slice.busy)),
        };
      }),
  };
}

type PackedStep = PackedTimeline['steps'][number];

const stepOf = (row: LayerRow, jobs: JobTimes, span: PackedStep['span']): PackedStep => ({
  step: row.step,
  stage: row.stage,
  unit: UNITS[row.kind],
  span,
  jobs: packIntervals(jobs.get(row.step) ?? []),
});

/** Of one of several images. */
const stepsOf = (layers: readonly LayerRow[], jobs: JobTimes, image: number): PackedStep[] =>
  layers.flatMap(row => {
    const times = jobs.get(row.step) ?? [];
    if (times.length === 0) return [];
    return [Object.assign(stepOf(row, jobs, [smallest(times), largest(times)]), { image })];
  });

/** Slices with short pauses between them as one, the pauses as short as `most` allows; what they sum up stays the same. */
export function merged(slices: readonly BusySlice[], most = MOST_SLICES): BusySlice[] {
  let all = [...slices];
  for (let pause = FIRST_PAUSE; all.length > most; pause *= 2) {
    const few: BusySlice[] = [];
    for (const slice of all) {
      const last = few.at(-1);
      if (last === undefined || slice.start - last.end > pause) few.push(slice);
      else
        few[few.length - 1] = {
          start: last.start,
          end: Math.max(last.end, slice.end),
          services: last.services + slice.services,
          busy: last.busy + slice.busy,
        };
    }
    all = few;
  }
  return all;
}

export function unpackedTimeline({ end, steps, resources }: PackedTimeline): Timeline {
  const rowOf = ({ unit, image }: PackedStep): string => (image === undefined ? unit : `image ${image}`);
  return {
    end,
    byImage: steps.some(({ image }) => image !== undefined),
    units: [...new Set(steps.map(rowOf))].map(name => {
      const own = steps.filter(step => rowOf(step) === name);
      const jobs: number[] = [];
      const of: number[] = [];
      for (const [i, step] of own.entries())
        for (const value of unpackIntervals(step.jobs)) {
          if (jobs.length % 2 === 0) of.push(i);
          jobs.push(value);
        }
      return {
        name,
        steps: own.map(({ step, stage, span }) => ({ step, stage, start: span[0], end: span[1] })),
        jobs: Float64Array.from(jobs),
        of: Int32Array.from(of),
      };
    }),
    resources: resources.map(({ name, all, slices, busy }) => {
      const ends = Float64Array.from(unpackIntervals(slices));
      const times = unpacked(busy);
      const average = Float64Array.from(times, (time, i) => time / (ends[2 * i + 1] - ends[2 * i]));
      return { name, all, slices: ends, average };
    }),
  };
}
