/**
 * Hold model (pop one event, push one) of the event queue against a binary heap and flatqueue 3.0.0.
 *
 * The delays are those of four loads. `trex` and `trex-full` are what the chips of arch/ push in a run of DeiT-S,
 * counted in the kernel, at about the mean of their pending events (11 and 707): reads of several inputs of a PE in
 * a row, softmax rows and writes; and clock edges of buffers and routers. `chip` has clock edges, reads, and writes
 * whose eight crossbars stay in lock-step, as where no PE is folded. `uniform` has no ticks in common but by chance, the
 * worst case of a queue that keeps equal ticks together. Every process draws its delays from random numbers of its own:
 * its state travels as the argument of its events. A queue slows down with all that its code has seen before, so only
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
/** Delays that a process chooses from; few enough to stay in the first cache. */
const CHOICES_BITS = 12;
const CHOICES = 2 ** CHOICES_BITS;
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

/** Entry i: the delays of one burst, in ps; the second is 0 where it has one only. */
interface Load {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly lockStep: number;
}

function mixed(mix: Mix, lockStep: number): Load {
  const first = new Int32Array(CHOICES);
  const second = new Int32Array(CHOICES);
  let at = 0;
  let share = 0;
  for (const [part, [one, two = 0]] of mix) {
    share += part;
    for (; at < CHOICES && at < Math.round(share * CHOICES); at++) {
      first[at] = one;
      second[at] = two;
    }
  }
  first.fill(mix[0][1][0], at);
  return { first, second, lockStep };
}

function uniform(): Load {
  const random = seedrandom('event-queue/uniform');
  const first = Int32Array.from({ length: CHOICES }, () => 1 + Math.floor(random() * 1e6));
  return { first, second: new Int32Array(CHOICES), lockStep: 1 };
}

/** The state of a process: its upper bits choose the burst, bit 0 says that the second delay comes next. */
const startOf = (process: number, { lockStep }: Load): number =>
  (Math.imul(Math.floor(process / lockStep) + 1, 0x9e3779b1) & ~1) | 0;
const SHIFT = 32 - CHOICES_BITS;
const chance = (state: number): number => (Math.imul(state, 1_664_525) + 1_013_904_223) & ~1;
const delayOf = ({ first, second }: Load, state: number): number =>
  (state & 1) === 0 ? first[state >>> SHIFT] : second[state >>> SHIFT];
const nextOf = ({ second }: Load, state: number): number =>
  (state & 1) === 0 && second[state >>> SHIFT] !== 0 ? state | 1 : chance(state & ~1);
const phaseOf = (state: number): Phase => ((state & 0x30000) === 0 ? 0 : 1);

/** The three bodies are written out, so that no queue runs through a call site that another one has seen. */
function own(load: Load, pending: number): () => number {
  const queue = new EventQueue();
  for (let p = 0; p < pending; p++) queue.push(delayOf(load, startOf(p, load)), 1, 0, startOf(p, load));
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      queue.pop();
      const state = nextOf(load, queue.arg);
      sum = (sum + queue.tick) | 0;
      queue.push(queue.tick + delayOf(load, state), phaseOf(state), queue.handler, state);
    }
    return sum;
  };
}

function heap(load: Load, pending: number): () => number {
  const queue = new BinaryHeap();
  for (let p = 0; p < pending; p++) queue.push(delayOf(load, startOf(p, load)), 1, 0, startOf(p, load));
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      queue.pop();
      const state = nextOf(load, queue.arg);
      sum = (sum + queue.tick) | 0;
      queue.push(queue.tick + delayOf(load, state), phaseOf(state), queue.handler, state);
    }
    return sum;
  };
}

/** Not stable, and one number of payload; what it leaves out makes it faster. */
function flat(load: Load, pending: number): () => number {
  const queue = new FlatQueue<number>();
  for (let p = 0; p < pending; p++) queue.push(startOf(p, load), delayOf(load, startOf(p, load)) * 4 + 1);
  return () => {
    let sum = 0;
    for (let i = 0; i < HOLDS; i++) {
      const tick = Math.floor(queue.peekValue()! / 4);
      const state = nextOf(load, queue.pop()!);
      sum = (sum + tick) | 0;
      queue.push(state, (tick + delayOf(load, state)) * 4 + phaseOf(state));
    }
    return sum;
  };
}

const QUEUES = { 'event queue': own, 'binary heap': heap, flatqueue: flat };
const LOADS: Record<string, { load: Load; pending: readonly number[] }> = {
  chip: { load: mixed(CHIP, LOCK_STEP), pending: PENDING },
  uniform: { load: uniform(), pending: PENDING },
  trex: { load: mixed(TREX, 1), pending: [11] },
  'trex-full': { load: mixed(TREX_FULL, 1), pending: [707] },
};
/** After so many holds the first ticks are forgotten. */
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
