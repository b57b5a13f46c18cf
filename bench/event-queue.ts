/** Hold model (pop one event, push one) of the event queue against a binary heap and flatqueue 3.0.0. */
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
/** Share, and delays in ps, of what a process of a chip does; where it leaves the clock edges, it finds back. */
const CHIP: readonly (readonly [number, readonly number[]])[] = [
  [0.62, [1_000]],
  [0.15, [5_283, 717]],
  [0.1, [19_174, 826]],
  [0.08, [4_000]],
  [0.04, [0]],
  [0.01, [3_300_000]],
];

/** An event of process p at step s pushes the event of step s + 1: all queues see the same ticks. */
interface Load {
  readonly delays: Int32Array;
  readonly start: (process: number) => number;
}

const phaseOf = (step: number): Phase => ((step & 3) === 0 ? 0 : 1);

function chip(): Load {
  const random = seedrandom('event-queue/chip');
  const delays = new Int32Array(STEPS);
  for (let i = 0; i < STEPS; ) {
    let left = random();
    const [, burst] = CHIP.find(([share]) => (left -= share) < 0) ?? CHIP[0];
    for (const delay of burst) if (i < STEPS) delays[i++] = delay;
  }
  return { delays, start: process => (Math.floor(process / LOCK_STEP) * 7919) % STEPS };
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
const LOADS = { chip: chip(), uniform: uniform() };
/** After so many holds the first ticks are forgotten, and the wheel has found its width. */
const settle = (body: () => number, pending: number): void => {
  for (let holds = 0; holds < 2 * pending + 1e6; holds += HOLDS) body();
};

/** All queues, loads and populations; prints M holds/s and the ratio to the binary heap. */
export function benchEventQueue(seconds = 1): void {
  const names = Object.keys(QUEUES) as (keyof typeof QUEUES)[];
  const rows = Object.entries(LOADS).flatMap(([kind, load]) =>
    PENDING.map(pending => {
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
