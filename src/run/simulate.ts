/** One run: a network on a chip, from the files' values to the Result. */

import { counts } from '../arch/accounting.ts';
import { nocCycle } from '../arch/build.ts';
import { TrexError, usageError } from '../base/errors.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { finishedWith } from '../base/turn.ts';
import { PS, significant } from '../base/units.ts';
import { imagesHeld } from '../map/live.ts';
import { limitText } from '../report/pipeline-text.ts';
import type { RunOutput } from '../report/result.ts';
import { collectStats } from '../sim/stats.ts';
import { type Tick, TimeOverflow } from '../sim/tick.ts';
import { arrivalText, BACK_TO_BACK } from './arrivals.ts';
import { collect, readingsOf } from './collect.ts';
import { ImageFlow } from './image-flow.ts';
import {
  type Flow,
  inputOf,
  type Machine,
  machineOf,
  type Outcome,
  type Pace,
  planRun,
  type RunPlan,
  type RunSpec,
} from './machine.ts';
import { Occupancy } from './occupancy.ts';
import { paceOf } from './pace.ts';

/** What a simulation tells its caller. */
export interface SimulateHooks {
  /** Called when the chip is built, before the first event: the place to attach probes. */
  onBuilt?(machine: Machine): void;
  /** Called now and then with the jobs done and their number; the run waits for it. */
  pause?(done: number, total: number): Promise<void> | void;
  /** Events between two pauses, at least. @defaultValue some ten milliseconds of them */
  readonly eventsBetweenPauses?: number;
}

/** Some ten milliseconds. */
const EVENTS_BETWEEN_PAUSES = 2 ** 17;

/**
 * Runs `spec` event by event: its files are loaded and checked, the caller reports the Result.
 * @example
 * const { model } = loadModel('deit-s');
 * const reuse = parseReuse('count:5', reuseSpace(model));
 * const { result } = await simulate({ arch: loadArch('trex').arch, model, reuse });
 * @throws TrexError (1) for a network that the chip cannot hold.
 */
export async function simulate(spec: RunSpec, hooks: SimulateHooks = {}): Promise<RunOutput> {
  // Graph of the workload, its place on the crossbars, its schedule, and the components that run it.
  const limit = await keptUp(spec, hooks);
  const plan = planRun(spec);
  const machine = await finishedWith(machineOf(spec, plan), async () => hooks.pause?.(0, jobsOf(spec, plan)));
  hooks.onBuilt?.(machine);
  const outcome = await runEvents(machine, spec, hooks).catch(error => {
    if (!(error instanceof TimeOverflow)) throw error;
    throw new TrexError(`${error.message}: fewer images, or a faster chip`);
  });
  const pace = limit ?? (outcome.flow && paceOf(outcome.flow));
  const { result, layers } = collect(
    spec,
    machine,
    pace === undefined ? outcome : inSteadyState(spec, outcome, pace),
  );
  return { result, layers, stats: collectStats(machine.chip) };
}

/** What is drawn for the time of a run is shared by the images that go through in it, at the rate at which they do. */
function inSteadyState({ arrival = BACK_TO_BACK }: RunSpec, outcome: Outcome, pace: Pace): Outcome {
  const interval_s = arrival.kind === 'back-to-back' ? pace.perImage_s : 1 / arrival.rate_Hz;
  return { ...outcome, pace, busy: (outcome.latencies.length * interval_s) / PS };
}

/** So many images show what a chip takes of them; with fewer places than these for images at once, some rounds of all places. */
const CAPACITY_IMAGES = 16;
const CAPACITY_ROUNDS = 3;

/** What the chip takes back to back, before images come at a rate. @throws TrexError (usage) for a rate that it cannot keep up with */
async function keptUp(spec: RunSpec, hooks: SimulateHooks): Promise<Pace | undefined> {
  const { arrival = BACK_TO_BACK, images = 1, arch } = spec;
  if (arrival.kind === 'back-to-back') return undefined;
  const text = `--arrival ${arrivalText(arrival)}`;
  if (arch.schedule.images === 'one')
    throw usageError(`${text} has no effect while schedule.images is one: --set schedule.images=pipelined`);
  if (images === 1) throw usageError(`${text} has no effect on one image: --images 100`);
  const plan = planRun(spec);
  const machine = await finishedWith(machineOf(spec, plan), async () => hooks.pause?.(0, jobsOf(spec, plan)));
  const places = imagesHeld(plan.graph, arch);
  const rounds = places < images ? CAPACITY_ROUNDS * places : 0;
  const enough = Math.min(images, Math.max(CAPACITY_IMAGES, rounds));
  const backToBack = Object.assign({}, spec, { arrival: BACK_TO_BACK, images: enough });
  const { flow } = await runEvents(machine, backToBack, hooks);
  const pace = paceOf(flow as Flow);
  const { limit } = pace;
  const rate_Hz = limit.rate_Hz * (1 - (readingsOf(machine, arch)?.shareOfTime ?? 0));
  if (arrival.rate_Hz < rate_Hz) return pace;
  throw usageError(
    `${text}: the chip takes ${significant(rate_Hz, 4)} ${inputOf(spec.model)}s/s: ${limitText(limit)}; stay below`,
  );
}

/** Jobs of all images. */
const jobsOf = (
  { images = 1 }: Pick<RunSpec, 'images'>,
  { steps, batch }: Pick<RunPlan, 'steps' | 'batch'>,
): number => (images / batch) * sum(steps, step => step.jobs);

/** Runs the images of `spec` on a machine; `loads` false: its weights are there already. */
export async function runEvents(
  machine: Machine,
  spec: Pick<RunSpec, 'images' | 'arch' | 'arrival' | 'seed'>,
  hooks: SimulateHooks,
  loads = true,
): Promise<Outcome> {
  const { kernel, chip } = machine;
  const { pause, eventsBetweenPauses = EVENTS_BETWEEN_PAUSES } = hooks;
  const total = jobsOf(spec, machine);
  let done = 0;
  let next = eventsBetweenPauses;
  const detach = chip.controller.onJobEnd.attach(() => {
    done++;
    if (pause === undefined || kernel.events < next) return;
    next = kernel.events + eventsBetweenPauses;
    kernel.stop();
  });
  const drain = async (busy: () => boolean): Promise<void> => {
    kernel.run();
    while (busy()) {
      const before = kernel.events;
      await pause?.(done, total);
      kernel.run();
      if (kernel.events === before)
        throw new TrexError(`the chip is stuck, ${chip.controller.waiting ?? 'with no image under way'}`);
    }
    // A pause at the last job leaves what still moves, such as credits of the network.
    kernel.run();
  };
  if (loads) chip.loadWeights(counts(spec.arch.accounting, 'dram'));
  // No job ends before the first image.
  for (;;) {
    kernel.run(undefined, EVENTS_BETWEEN_PAUSES);
    if (kernel.pending === 0) break;
    await pause?.(0, total);
  }
  const loadTime = kernel.now;
  const isClocked = spec.arch.noc.kind.clocked;
  const ran =
    spec.arch.schedule.images === 'one' || spec.images === undefined || spec.images === 1
      ? await oneByOne(machine, { images: spec.images ?? 1, isClocked, drain })
      : await overlapping(machine, spec, { isClocked, drain });
  detach();
  return { loadTime, ...ran };
}

type Drain = (busy: () => boolean) => Promise<void>;

/** Until the next edge of the network's clock, so that every image finds the same machine. */
function toEdge({ kernel, cost }: Machine, isClocked: boolean): Tick {
  const cycle = nocCycle(cost);
  const start = isClocked ? Math.ceil(kernel.now / cycle) * cycle : kernel.now;
  return kernel.run(start);
}

interface OneByOne {
  readonly images: number;
  readonly isClocked: boolean;
  readonly drain: Drain;
}

/** Each image, or batch of them, begins when the chip is empty. */
async function oneByOne(
  machine: Machine,
  { images, isClocked, drain }: OneByOne,
): Promise<Omit<Outcome, 'loadTime'>> {
  const { chip, batch, steps } = machine;
  const latencies: Tick[] = [];
  let start: Tick = 0;
  let busy = 0;
  for (let round = 0; round < images / batch; round++) {
    start = toEdge(machine, isClocked);
    chip.beginImage();
    await drain(() => chip.controller.open > 0);
    const { times } = chip.controller;
    busy += largest(times.map(t => t.end)) - start;
    for (let image = 0; image < batch; image++)
      latencies.push(
        largest(times.filter((_, i) => (steps[i].image ?? 0) === image).map(t => t.end)) - start,
      );
  }
  const ran = { latencies, times: timesFrom(machine, start) };
  return batch === 1 ? ran : { ...ran, busy };
}

/** Images come as they are said to, and go into the chip as it has room. */
async function overlapping(
  machine: Machine,
  {
    arch,
    images = 1,
    arrival = BACK_TO_BACK,
    seed = 1,
  }: Pick<RunSpec, 'images' | 'arch' | 'arrival' | 'seed'>,
  { isClocked, drain }: Omit<OneByOne, 'images'>,
): Promise<Omit<Outcome, 'loadTime'>> {
  const { chip, graph, placement } = machine;
  const inTurn = [...placement.layers.values()].find(layer => layer.inTurn === true);
  if (inTurn !== undefined)
    throw new TrexError(
      `schedule.images: ${inTurn.id} and other layers take turns on the tiles, and images cannot overlap: more tiles (--set chip.tiles=auto), or --set schedule.images=one`,
    );
  const origin = toEdge(machine, isClocked);
  const places = imagesHeld(graph, arch);
  const occupancy = new Occupancy(chip, machine.steps);
  const { arrivalTicks } = await import('./arrival-ticks.ts');
  const arrivals = arrivalTicks(arrival, images, seed);
  chip.noc.reset();
  const flow = new ImageFlow(chip.controller, { images, arrivals, places });
  await drain(() => !flow.done);
  const { times } = flow;
  const { stages, resources } = occupancy;
  const start = origin + times.arrivals[images - 1];
  return {
    latencies: times.ends.map((end, i) => end - times.arrivals[i]),
    times: timesFrom(machine, start),
    flow: { ...times, places, stages, resources },
  };
}

const timesFrom = ({ chip }: Machine, start: Tick): Outcome['times'] =>
  chip.controller.times.map(t => ({ start: t.start - start, end: t.end - start }));
