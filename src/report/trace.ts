/** A run as Chrome trace events (the JSON format of ui.perfetto.dev), written while the run goes on. */
import { type Step, stepOf } from '../hw/program.ts';
import type { Component } from '../sim/component.ts';
import type { ProbePoint } from '../sim/probe.ts';
import type { Tick } from '../sim/tick.ts';
import { JobTracks } from './job-tracks.ts';
import { Lanes } from './lanes.ts';
import { ResourceTracks } from './resource-tracks.ts';

const TICKS_PER_TRACE_US = 1000;
const PROCESS = 1;
const IMAGES = 1;
const HEADER = {
  displayTimeUnit: 'ns',
  otherData: { time: '1 us in this trace is 1 ns simulated' },
};
/** The units of the chip that run steps. */
const UNIT: Record<Step['kind'], string> = {
  read: 'crossbars, read',
  write: 'crossbars, write',
  softmax: 'softmax units',
  vector: 'vector unit',
  load: 'crossbars, reload',
  fetch: 'DRAM port',
  store: 'DRAM port',
};

/** What is watched of a run: its clock, its steps, the resources of its chip, and the controller's probe points. */
export interface Traced {
  readonly kernel: { readonly now: Tick };
  readonly steps: readonly Step[];
  readonly chip: Component & {
    readonly controller: { readonly onJobStart: ProbePoint; readonly onJobEnd: ProbePoint };
  };
}

export interface Trace {
  /** Ends what is still open at the present tick, marked `unfinished`, and completes the JSON. */
  close(): void;
}

/** A step or an image under way. */
interface Open {
  readonly start: Tick;
  readonly track: number;
  readonly name: string;
  readonly args: object;
  readonly free: () => void;
}

interface OpenImage extends Open {
  readonly steps: Map<number, Open>;
  /** Jobs, by step. */
  readonly remaining: Int32Array;
  jobsLeft: number;
}

/**
 * Writes the events of `traced` as they come: images and whole steps as slices (`X`), where images, and steps of a unit, that
 * overlap get tracks of their own; for each kind of resource when some were at work, how many and for how long; jobs as asynchronous slices (`b`, `e`), one group per kind of step; jobs in flight
 * as a counter (`C`). A job ends when the controller announces it, in the order of jobs.
 */
export function traceEvents(traced: Traced, write: (text: string) => void): Trace {
  const { kernel, steps } = traced;
  const { onJobStart, onJobEnd } = traced.chip.controller;
  const total = steps.reduce((sum, step) => sum + step.jobs, 0);
  const jobs = new JobTracks(steps);
  const units = new Lanes();
  const tracks = new Map<string, number>();
  /** Images under way, and their steps. */
  const openImages = new Map<number, OpenImage>();
  let images = 0;
  let counted: { readonly at: Tick; readonly jobs: number } = { at: 0, jobs: 0 };

  const put = (event: object): void => write(`,\n${JSON.stringify({ ...event, pid: PROCESS })}`);
  const name = (what: string, tid: number, args: object): void => put({ ph: 'M', name: what, tid, args });
  const slice = (open: Open, more: object = {}): void => {
    const { start, track: tid, name, args } = open;
    const dur = (kernel.now - start) / TICKS_PER_TRACE_US;
    put({ ph: 'X', name, ts: start / TICKS_PER_TRACE_US, dur, tid, args: { ...args, ...more } });
    open.free();
  };
  /** The counter gets one event per tick: the value that the tick ends with. */
  const count = (change: number): void => {
    if (counted.at !== kernel.now) flushCount();
    counted = { at: kernel.now, jobs: counted.jobs + change };
  };
  const flushCount = (): void => {
    const ts = counted.at / TICKS_PER_TRACE_US;
    put({ ph: 'C', name: 'jobs in flight', ts, args: { jobs: counted.jobs } });
  };
  const trackOf = (unit: string, lane: number): number => {
    const title = lane === 0 ? unit : `${unit} ${lane + 1}`;
    let tid = tracks.get(title);
    if (tid === undefined) {
      tid = IMAGES + 1 + tracks.size;
      tracks.set(title, tid);
      name('thread_name', tid, { name: title });
    }
    return tid;
  };
  /** The track of a kind of resources is named when it has something to show. */
  const resources = new ResourceTracks(traced.chip, ({ kind, simulated, all }, slice) => {
    const { start, end, services, busy } = slice;
    const title = simulated === all ? `${kind}: ${all}` : `${kind}: ${all}, ${simulated} simulated`;
    const dur = (end - start) / TICKS_PER_TRACE_US;
    // As many as were at work on average.
    const args = { services, busy_ns: busy / TICKS_PER_TRACE_US, average: busy / (end - start) };
    put({ ph: 'X', name: kind, ts: start / TICKS_PER_TRACE_US, dur, tid: trackOf(title, 0), args });
  });
  const beginImage = (number: number): OpenImage => {
    if (images === 0 && kernel.now > 0) {
      slice({ start: 0, track: IMAGES, name: 'weight load', args: {}, free: () => {} });
    }
    images++;
    const lane = units.take('images');
    const open: OpenImage = {
      start: kernel.now,
      track: lane === 0 ? IMAGES : trackOf('images', lane),
      name: `image ${number + 1}`,
      args: {},
      free: () => units.free('images', lane),
      steps: new Map(),
      remaining: Int32Array.from(steps, step => step.jobs),
      jobsLeft: total,
    };
    openImages.set(number, open);
    return open;
  };
  const beginStep = (step: Step, image: OpenImage): void => {
    const unit = UNIT[step.kind];
    const lane = units.take(unit);
    const { stage, encoder } = step;
    // Of images one after another the track above says it.
    const whose = openImages.size === 1 ? {} : { image: image.name };
    image.steps.set(step.index, {
      start: kernel.now,
      track: trackOf(unit, lane),
      name: step.id,
      args: { stage, encoder, jobs: step.jobs, ...whose },
      free: () => units.free(unit, lane),
    });
  };

  write(JSON.stringify(HEADER).replace(/}$/, ',"traceEvents":[\n'));
  write(JSON.stringify({ ph: 'M', name: 'process_name', args: { name: 'chip' }, pid: PROCESS }));
  name('thread_name', IMAGES, { name: 'images' });

  const detachStart = onJobStart.attach((slot, job, number) => {
    const step = steps[stepOf(slot)];
    const image = openImages.get(number) ?? beginImage(number);
    if (!image.steps.has(step.index)) beginStep(step, image);
    put({
      ph: 'b',
      ...jobs.begin(slot, step),
      ts: kernel.now / TICKS_PER_TRACE_US,
      args: { step: step.id, job },
    });
    count(1);
  });
  const detachEnd = onJobEnd.attach((slot, _job, number) => {
    const step = steps[stepOf(slot)];
    const image = openImages.get(number) as OpenImage;
    put({ ph: 'e', ...jobs.end(slot, step), ts: kernel.now / TICKS_PER_TRACE_US });
    count(-1);
    if (--image.remaining[step.index] === 0) {
      slice(image.steps.get(step.index) as Open);
      image.steps.delete(step.index);
    }
    if (--image.jobsLeft === 0) {
      slice(image);
      openImages.delete(number);
    }
  });

  return {
    close(): void {
      detachStart();
      detachEnd();
      const args = { unfinished: true };
      for (const slot of jobs.open) {
        put({ ph: 'e', ...jobs.end(slot, steps[stepOf(slot)]), ts: kernel.now / TICKS_PER_TRACE_US, args });
      }
      for (const image of openImages.values()) {
        for (const open of image.steps.values()) slice(open, args);
        slice(image, args);
      }
      resources.close();
      flushCount();
      write('\n]}\n');
    },
  };
}
