/** The event queue: order, growth, the two ways of keeping events. */
import test from 'ava';
import fc from 'fast-check';
import { EventQueue } from '../../src/sim/event-queue.ts';
import type { Phase, Tick } from '../../src/sim/tick.ts';

interface Event {
  tick: Tick;
  phase: Phase;
  id: number;
}

/** What the queue promises, done the slow way: a sorted array in which equals keep their order. */
class Sorted {
  readonly events: Event[] = [];

  push(event: Event): void {
    const after = this.events.findIndex(
      e => e.tick > event.tick || (e.tick === event.tick && e.phase > event.phase),
    );
    this.events.splice(after < 0 ? this.events.length : after, 0, event);
  }
}

/** A queue and its model side by side; pushes are relative to the last event taken, as a kernel's are. */
class Pair {
  readonly queue = new EventQueue();
  readonly model = new Sorted();
  #now: Tick = 0;
  #ids = 0;

  push(delay: Tick, phase: number, times = 1): void {
    for (let i = 0; i < times; i++) {
      const event = { tick: this.#now + delay, phase: phase as Phase, id: this.#ids++ };
      this.queue.push(event.tick, event.phase, event.id, -event.id);
      this.model.push(event);
    }
  }

  /** Takes up to `times` events from both; a text that tells the difference, or '' when there is none. */
  pop(times = 1): string {
    for (let i = 0; i < times && this.model.events.length > 0; i++) {
      const next = this.queue.nextTick();
      const taken = this.queue.pop();
      const { tick, phase, handler, arg } = this.queue;
      const want = this.model.events.shift() as Event;
      this.#now = want.tick;
      const got = `${next} ${taken} ${tick} ${phase} ${handler} ${arg}`;
      const wanted = `${want.tick} true ${want.tick} ${want.phase} ${want.id} ${0 - want.id}`;
      if (got !== wanted) return `got ${got}, want ${wanted}`;
    }
    return this.queue.size === this.model.events.length ? '' : `size ${this.queue.size}`;
  }
}

const phase = fc.integer({ min: 0, max: 2 });
/** From 1 ps to a second, by magnitude, with zero and the delays of a chip. */
const delay = fc.oneof(
  fc.constantFrom(0, 1, 1_000, 5_283, 19_174, 3_300_000),
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9_999 })).map(([e, m]) => {
    return Math.ceil((10 ** e * m) / 10_000);
  }),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ delay, phase, times: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ delay, phase, times: fc.integer({ min: 2, max: 60 }) }) },
  { weight: 5, arbitrary: fc.record({ pops: fc.integer({ min: 1, max: 12 }) }) },
);

test('events leave in the order tick, phase, insertion', t => {
  const law = fc.property(fc.array(step, { maxLength: 400 }), steps => {
    const pair = new Pair();
    for (const s of steps) {
      let difference = '';
      if ('pops' in s) difference = pair.pop(s.pops);
      else pair.push(s.delay, s.phase, s.times);
      if (difference !== '') throw new Error(difference);
    }
    const difference = pair.pop(Number.POSITIVE_INFINITY);
    if (difference !== '') throw new Error(difference);
    return pair.queue.nextTick() === Number.POSITIVE_INFINITY && !pair.queue.pop();
  });
  t.notThrows(() => fc.assert(law, { numRuns: 300 }));
});

const inOrder = (a: Event, b: Event): number => a.tick - b.tick || a.phase - b.phase || a.id - b.id;

/** Pseudo-random integers below `bound`, the same in every run. */
function integers(seed: number): (bound: number) => number {
  let state = seed;
  return bound => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Pushes and pops as told; since no delay is 0, what is popped must be the sorted list of what was pushed. */
function hold(
  queue: EventQueue,
  rounds: readonly { pending: number; pops: number; delay: () => Tick }[],
): boolean {
  const pushed: Event[] = [];
  const popped: number[] = [];
  const random = integers(7);
  for (const { pending, pops, delay: next } of rounds) {
    for (let i = 0; i < pops; i++) {
      while (queue.size < pending) {
        const event = { tick: queue.tick + next(), phase: random(3) as Phase, id: pushed.length };
        queue.push(event.tick, event.phase, event.id, 0);
        pushed.push(event);
      }
      queue.pop();
      popped.push(queue.handler);
    }
  }
  while (queue.pop()) popped.push(queue.handler);
  pushed.sort(inOrder);
  return pushed.length === popped.length && pushed.every((event, i) => event.id === popped[i]);
}

test('the order holds while population and delays change by orders of magnitude', t => {
  const random = integers(1);
  const rounds = [
    { pending: 4, pops: 30_000, delay: () => 1 + random(1e4) },
    { pending: 20_000, pops: 60_000, delay: () => 1 + random(1e6) },
    { pending: 20_000, pops: 60_000, delay: () => 1 + random(20) },
    { pending: 5_000, pops: 60_000, delay: () => 1 + random(1e12) },
    { pending: 300, pops: 60_000, delay: () => (random(50) === 0 ? 3_300_000 : 1_000) },
    { pending: 2, pops: 30_000, delay: () => 1 + random(3) },
  ];
  t.true(hold(new EventQueue(), rounds));
});

test('a burst on one tick with interleaved phases leaves phase by phase, first in, first out', t => {
  const queue = new EventQueue();
  for (let i = 0; i < 30_000; i++) queue.push(123_456, ((i * 2) % 3) as Phase, i, i);
  const order: number[] = [];
  while (queue.pop()) order.push(queue.handler);
  const want = [0, 1, 2].flatMap(p => Array.from({ length: 10_000 }, (_, i) => 3 * i + [0, 2, 1][p]));
  t.deepEqual(order, want);
});

test('thousands of different ticks close together, far from now, leave in order', t => {
  const random = integers(3);
  const near = { pending: 40_000, pops: 1, delay: () => 2e9 + random(3_000) };
  t.true(hold(new EventQueue(), [near]));
});

/** Rounds of holding some events, with delays below a bound, as a kernel does: what one makes few, the next makes many. */
const round = fc.record({
  pending: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 150 })),
  pops: fc.integer({ min: 1, max: 120 }),
  bound: fc.constantFrom(1, 3, 40, 2_000, 60_000, 1_000_000, 40_000_000),
  times: fc.constantFrom(1, 1, 1, 8),
});

test('the order holds while a few events become many and many a few', t => {
  const law = fc.property(fc.array(round, { maxLength: 12 }), fc.integer(), (rounds, seed) => {
    const random = integers(seed);
    const pair = new Pair();
    for (const { pending, pops, bound, times } of rounds) {
      for (let i = 0; i < pops; i++) {
        while (pair.queue.size < pending) pair.push(random(bound), random(3), times);
        const difference = pair.pop();
        if (difference !== '') throw new Error(difference);
      }
    }
    return pair.pop(Number.POSITIVE_INFINITY) === '';
  });
  t.notThrows(() => fc.assert(law, { numRuns: 200 }));
});

test('events far from now keep their order while others come before and between them', t => {
  const pair = new Pair();
  for (let i = 0; i < 9; i++) pair.push(10_462_000_000 + 3_500 * i, 1);
  for (let i = 0; i < 9; i++) pair.push(10_461_999_000 + 3_501 * i, i % 3, 2);
  for (let i = 0; i < 9; i++) pair.push(3_300 * i, 1);
  t.is(pair.pop(20), '');
  for (let i = 0; i < 40; i++) pair.push(700 * i, i % 3);
  t.is(pair.pop(Number.POSITIVE_INFINITY), '');
});

test('many keys close together leave in order, equal keys by insertion, while more come between them', t => {
  const random = integers(5);
  const pair = new Pair();
  for (let i = 0; i < 600; i++) pair.push(900_000 + random(250), random(3));
  for (let i = 0; i < 1_500; i++) {
    t.is(pair.pop(), '');
    pair.push(random(4) === 0 ? random(100) : 900_000 + random(250), random(3));
  }
  t.is(pair.pop(Number.POSITIVE_INFINITY), '');
});

test('an event for the tick and phase that is being taken comes behind the others of these', t => {
  const queue = new EventQueue();
  for (const id of [1, 2, 3]) queue.push(50, 1, id, 0);
  queue.pop();
  queue.push(50, 1, 4, 0);
  queue.push(60, 1, 7, 0);
  queue.push(50, 1, 5, 0);
  queue.pop();
  queue.push(50, 1, 6, 0);
  const order: number[] = [];
  while (queue.pop()) order.push(queue.handler);
  t.deepEqual(order, [3, 4, 5, 6, 7]);
});

test('random keys of a few events and lock-step take turns, and the order holds', t => {
  const random = integers(11);
  const rounds = [
    { pending: 12, pops: 60_000, delay: () => 1 + random(1e6) },
    { pending: 16, pops: 60_000, delay: () => 1_000 },
    { pending: 12, pops: 60_000, delay: () => 1 + random(1e9) },
    { pending: 1_000, pops: 60_000, delay: () => 1 + (random(9) === 0 ? random(1e10) : random(3)) },
    { pending: 3, pops: 40_000, delay: () => 1 + random(1e6) },
  ];
  t.true(hold(new EventQueue(), rounds));
});

test('millions of ticks between a few clusters are skipped, and what is far comes in order', t => {
  const random = integers(13);
  const far = () => 10 ** (3 + random(12)) + random(1_000);
  t.true(hold(new EventQueue(), [{ pending: 700, pops: 60_000, delay: far }]));
});

test('an event before the one that was taken last comes next, however many there are', t => {
  const pair = new Pair();
  const random = integers(9);
  pair.push(5_000_000, 1);
  t.is(pair.pop(), '');
  for (let i = 0; i < 300; i++) pair.push(-random(5_000_000), random(3));
  for (let i = 0; i < 300; i++) pair.push(random(5_000_000), random(3));
  t.is(pair.pop(Number.POSITIVE_INFINITY), '');
});

test('an event for an earlier phase of the tick that is being taken comes next', t => {
  const queue = new EventQueue();
  for (const id of [1, 2, 3]) queue.push(50, 1, id, 0);
  queue.pop();
  queue.push(50, 0, 9, 0);
  queue.push(50, 1, 4, 0);
  const order: number[] = [];
  while (queue.pop()) order.push(queue.handler);
  t.deepEqual(order, [9, 2, 3, 4]);
});

test('handler and argument keep all their bits, in the array and in the heap', t => {
  const queue = new EventQueue();
  const events = [2 ** 51, ...Array.from({ length: 200 }, (_, i) => 2 ** 50 + 977 * i)];
  for (const tick of events) queue.push(tick, 2, 2 ** 30 - 1, -(2 ** 31));
  for (let left = events.length; left > 0; left--) {
    queue.pop();
    t.deepEqual([queue.phase, queue.handler, queue.arg], [2, 2 ** 30 - 1, -(2 ** 31)]);
  }
  t.is(queue.tick, 2 ** 51);
});

test('looking at the next tick neither takes an event nor keeps earlier ones from coming first', t => {
  const queue = new EventQueue();
  queue.push(5_000_000, 1, 1, 0);
  t.is(queue.nextTick(), 5_000_000);
  queue.push(4_000, 1, 2, 0);
  t.is(queue.nextTick(), 4_000);
  t.is(queue.size, 2);
  queue.pop();
  t.is(queue.handler, 2);
});

test('more ticks than the table of lists has entries keep the order of insertion, however often they come again', t => {
  const queue = new EventQueue();
  const ticks = 3_000;
  for (let round = 0; round < 4; round++) {
    for (let tick = 0; tick < ticks; tick++) queue.push(1_000 * ((tick * 7) % ticks), 1, round, 0);
  }
  const order: string[] = [];
  while (queue.pop()) order.push(`${queue.tick / 1_000} ${queue.handler}`);
  const want = Array.from({ length: 4 * ticks }, (_, i) => `${i >> 2} ${i & 3}`);
  t.deepEqual(order, want);
});

test('a queue that was emptied as many begins again with a few', t => {
  const pair = new Pair();
  for (const count of [33, 32, 200, 16, 17, 1]) {
    for (let i = 0; i < count; i++) pair.push(1_000 * (i % 5), i % 3);
    t.is(pair.pop(Number.POSITIVE_INFINITY), '');
    t.is(pair.queue.nextTick(), Number.POSITIVE_INFINITY);
    t.false(pair.queue.pop());
  }
});
