/** One run: a network on a chip, from the files' values to the Result. */

import { counts } from '../arch/accounting.ts';
import { nocCycle } from '../arch/build.ts';
import { TrexError } from '../base/errors.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { finishedWith } from '../base/turn.ts';
import type { RunOutput } from '../report/result.ts';
import { collectStats } from '../sim/stats.ts';
import { type Tick, TimeOverflow } from '../sim/tick.ts';
import { collect } from './collect.ts';
import { type Machine, machineOf, type Outcome, planRun, type RunPlan, type RunSpec } from './machine.ts';

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
  const plan = planRun(spec);
  const machine = await finishedWith(machineOf(spec, plan), async () => hooks.pause?.(0, jobsOf(spec, plan)));
  hooks.onBuilt?.(machine);
  const outcome = await runEvents(machine, spec, hooks).catch(error => {
    if (!(error instanceof TimeOverflow)) throw error;
    throw new TrexError(`${error.message}: fewer images, or a faster chip`);
  });
  const { result, layers } = collect(spec, machine, outcome);
  return { result, layers, stats: collectStats(machine.chip) };
}

/** Jobs of all images. */
const jobsOf = (
  { images = 1 }: Pick<RunSpec, 'images'>,
  { steps, batch }: Pick<RunPlan, 'steps' | 'batch'>,
): number => (images / batch) * sum(steps, step => step.jobs);

/** Runs the images of `spec` on a machine; `loads` false: its weights are there already. */
export async function runEvents(
  machine: Machine,
  spec: Pick<RunSpec, 'images' | 'arch'>,
  hooks: SimulateHooks,
  loads = true,
): Promise<Outcome> {
  const { kernel, chip } = machine;
  const { pause, eventsBetweenPauses = EVENTS_BETWEEN_PAUSES } = hooks;
  const images = spec.images ?? 1;
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
        throw new Error(`${chip.controller.open} steps did not end: the chip is stuck`);
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
  const latencies: Tick[] = [];
  let start = loadTime;
  let busy = 0;
  for (let round = 0; round < images / machine.batch; round++) {
    // At an edge of the network's clock, so that every image finds the same machine.
    const cycle = nocCycle(machine.cost);
    start = spec.arch.noc.kind.clocked ? Math.ceil(kernel.now / cycle) * cycle : kernel.now;
    kernel.run(start);
    chip.beginImage();
    await drain(() => chip.controller.open > 0);
    const { times } = chip.controller;
    busy += largest(times.map(t => t.end)) - start;
    for (let image = 0; image < machine.batch; image++)
      latencies.push(
        largest(times.filter((_, i) => (machine.steps[i].image ?? 0) === image).map(t => t.end)) - start,
      );
  }
  detach();
  const times = chip.controller.times.map(t => ({ start: t.start - start, end: t.end - start }));
  return machine.batch === 1 ? { loadTime, latencies, times } : { loadTime, latencies, busy, times };
}
