/**
 * Hold model (pop one event, push one) of the event queue against a binary heap and flatqueue 3.0.0.
 *
 * The delays are those of four loads. `trex` and `trex-full` are what the chips of arch/ push in a run of DeiT-S,
 * counted in the kernel, at about the mean of their pending events (11 and 707): reads of several inputs of a PE in
 * a row, softmax rows and writes; and clock edges of buffers and routers. `chip` has clock edges, reads, and writes
 * whose eight crossbars stay in lock-step, as where no PE is folded. `uniform` has no ticks in common, the worst case
 * of a queue that keeps equal ticks together. A queue slows down with all that its code has seen before, so only
 * ratios within one run mean anything.
 */
import FlatQueue from 'flatqueue';
import seedrandom from 'seedrandom';
import { EventQueue } from '../src/sim/event-queue.ts';
import type { Phase } from '../src/sim/tick.ts';
import { BinaryHeap } from './binary-heap.ts';
import { Bench, printTable } from './harness.ts';

const PENDING = [16, 1_000, 50_000, 1_000_000];
const HOLDS = 100_000;
/** Steps of a process, after which it starts again. */
const STEPS = 2 ** 14;
/** Processes that start together and stay in lock-step, as the crossbars of a PE do. */
const LOCK_STEP = 8;
/** Shares of bursts of delays in ps; where a burst leaves the clock edges, it finds back. */
type Mix = readonly (readonly [number, readonly number[]])[];
const CHIP: Mix = [
  [0.62, [1_000]],
  [0.15, [5_283, 717]],
  [0.1, [19_174, 826]],
  [0.08, [4_000]],
  [0.04, [0]],
  [0.01, [3_300_000]],
];
const READ_ps = 19_174;
const WRITE_ps = 3_300_000;
const TREX: Mix = [
  [0.192, [0]],
  ...[9, 10, 11, 12, 13, 14, 15, 16].map(reads => [0.0955, [reads * READ_ps]] as const),
  [0.024, [1_040_751]],
  [0.012, [1_040_948]],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(writes => [0.001, [writes * WRITE_ps]] as const),
];
const TREX_FULL: Mix = [
  [0.847, [1_000]],
  ...[8_000, 12_000].map(delay => [0.04, [delay]] as const),
  ...[4_000, 6_000, 10_000, 16_000, 24_000, 32_000, 48_000].map(delay => [0.01, [delay]] as const),
  [0.0015, [1_040_751]],
  [0.0015, [WRITE_ps]],
];

/** An event of process p at step s pushes the event of step s + 1: all queues see the same ticks. */
interface Load {
  readonly delays: Int32Array;
  readonly start: (process: number) => number;
}

const phaseOf = (step: number): Phase => ((step & 3) === 0 ? 0 : 1);

function mixed(name: string, mix: Mix, lockStep: number): Load {
  const random = seedrandom(`event-queue/${name}`);
  const delays = new Int32Array(STEPS);
  for (let i = 0; i < STEPS; ) {
    let left = random();
    const [, burst] = mix.find(([share]) => (left -= share) < 0) ?? mix[0];
    for (const delay of burst) if (i < STEPS) delays[i++] = delay;
  }
  return { delays, start: process => (Math.floor(process / lockStep) * 7919) % STEPS };
}

function uniform(): Load {
  const random = seedrandom('event-queue/uniform');
  return {
    delays: Int32Array.from({ length: STEPS }, () => 1 + Math.floor(random() * 1e6)),
    start: process => (process * 7919) % STEPS,
  };
}

/** The three bodies are written out, so that no queue runs through a call site that another one has seen. */
function wheel({ delays, start }: Load, pending: number): () => number {
  const queue = new EventQueue();
  for (let p = 0; p < pending; p++) queue.push(delays[start(p)], 1, 0, start(p));
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      queue.pop();
      const step = queue.arg;
      sum = (sum + queue.tick) | 0;
      queue.push(queue.tick + delays[step], phaseOf(step), queue.handler, (step + 1) % STEPS);
    }
    return sum;
  };
}

function heap({ delays, start }: Load, pending: number): () => number {
  const queue = new BinaryHeap();
  for (let p = 0; p < pending; p++) queue.push(delays[start(p)], 1, 0, start(p));
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      queue.pop();
      const step = queue.arg;
      sum = (sum + queue.tick) | 0;
      queue.push(queue.tick + delays[step], phaseOf(step), queue.handler, (step + 1) % STEPS);
    }
    return sum;
  };
}

/** Not stable, and one number of payload; what it leaves out makes it faster. */
function flat({ delays, start }: Load, pending: number): () => number {
  const queue = new FlatQueue<number>();
  for (let p = 0; p < pending; p++) queue.push(start(p), delays[start(p)] * 4 + 1);
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      const tick = Math.floor(queue.peekValue()! / 4);
      const step = queue.pop()!;
      sum = (sum + tick) | 0;
      queue.push((step + 1) % STEPS, (tick + delays[step]) * 4 + phaseOf(step));
    }
    return sum;
  };
}

const QUEUES = { 'timing wheel': wheel, 'binary heap': heap, flatqueue: flat };
const LOADS: Record<string, { load: Load; pending: readonly number[] }> = {
  chip: { load: mixed('chip', CHIP, LOCK_STEP), pending: PENDING },
  uniform: { load: uniform(), pending: PENDING },
  trex: { load: mixed('trex', TREX, 1), pending: [11] },
  'trex-full': { load: mixed('trex-full', TREX_FULL, 1), pending: [707] },
};
/** After so many holds the first ticks are forgotten, and the wheel has found its width. */
const settle = (body: () => number, pending: number): void => {
  for (let holds = 0; holds < 2 * pending + 1e6; holds += HOLDS) body();
};

/** All queues, loads and populations; prints M holds/s and the ratio to the binary heap. */
export function benchEventQueue(seconds = 1): void {
  const names = Object.keys(QUEUES) as (keyof typeof QUEUES)[];
  const rows = Object.entries(LOADS).flatMap(([kind, { load, pending: populations }]) =>
    populations.map(pending => {
      const bench = new Bench();
      for (const name of names) {
        bench.add(`${kind} ${pending}`, name, HOLDS, () => {
          const body = QUEUES[name](load, pending);
          settle(body, pending);
          return body;
        });
      }
      const rates = bench.run(seconds).map(rate => rate.opsPerSecond);
      const cells = rates.map(rate => `${(rate / 1e6).toFixed(1)} (${(rate / rates[1]).toFixed(2)}x)`);
      return [kind, String(pending), ...cells];
    }),
  );
  printTable(['M holds/s', 'pending', ...names], rows);
}

if (import.meta.filename === process.argv[1]) benchEventQueue(Number(process.argv[2] ?? 1));
