/** Whole-kernel dispatch: queue, clock and a handler that schedules the next event of its process. */
import { Clock } from '../src/sim/clock.ts';
import { Kernel } from '../src/sim/kernel.ts';
import { Phase } from '../src/sim/tick.ts';
import { Bench, printTable } from './harness.ts';

const PROCESSES = [64, 4096];
const EVENTS = 200_000;
const PERIOD = 1_000;
/** Cycles from an event of a process to its next one, by the process. */
const CYCLES = [1, 1, 1, 2, 1, 5, 1, 19];

/** `processes` blocks that act on clock edges; each call of the result runs EVENTS events. */
function clocked(processes: number): () => number {
  const kernel = new Kernel();
  const clock = new Clock(kernel, PERIOD);
  let left = 0;
  const act = kernel.handler(process => {
    if (--left === 0) kernel.stop();
    kernel.at(clock.after(CYCLES[process & 7]), Phase.Compute, act, process);
  });
  for (let process = 0; process < processes; process++) kernel.at(0, Phase.Compute, act, process);
  return () => {
    left = EVENTS;
    return kernel.run();
  };
}

/** As clocked(), but half of the processes answer after an analog delay that keeps to no clock. */
function mixed(processes: number): () => number {
  const kernel = new Kernel();
  const clock = new Clock(kernel, PERIOD);
  let left = 0;
  const answer = kernel.handler(process => {
    if (--left === 0) kernel.stop();
    kernel.at(clock.after(1), Phase.Compute, act, process);
  });
  const act: number = kernel.handler(process => {
    if (--left === 0) kernel.stop();
    if ((process & 1) === 0) kernel.at(clock.after(CYCLES[process & 7]), Phase.Compute, act, process);
    else kernel.after(5_283 + (process & 63), Phase.Deliver, answer, process);
  });
  for (let process = 0; process < processes; process++) kernel.at(0, Phase.Compute, act, process);
  return () => {
    left = EVENTS;
    return kernel.run();
  };
}

/** Prints M events/s. */
export function benchKernel(seconds = 1): void {
  const bench = new Bench();
  for (const processes of PROCESSES) {
    bench.add('clocked', String(processes), EVENTS, () => clocked(processes));
    bench.add('mixed', String(processes), EVENTS, () => mixed(processes));
  }
  const rows = bench
    .run(seconds)
    .map(({ group, name, opsPerSecond, rme }) => [
      group,
      name,
      (opsPerSecond / 1e6).toFixed(1),
      `${rme.toFixed(1)} %`,
    ]);
  printTable(['kernel', 'processes', 'M events/s', 'margin'], rows);
}

if (import.meta.filename === process.argv[1]) benchKernel(Number(process.argv[2] ?? 1));
