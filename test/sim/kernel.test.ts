/** The kernel: when events run, and what it refuses. */
import test from 'ava';
import { Kernel } from '../../src/sim/kernel.ts';
import { MAX_TICK, Phase } from '../../src/sim/tick.ts';

/** A kernel with one handler that logs [tick, argument]. */
function logging(): { kernel: Kernel; log: [number, number][]; note: number } {
  const kernel = new Kernel();
  const log: [number, number][] = [];
  return { kernel, log, note: kernel.handler(arg => log.push([kernel.now, arg])) };
}

test('an event at t does not run at t - 1, does at t', t => {
  const { kernel, log, note } = logging();
  kernel.at(700, Phase.Compute, note, 1);
  t.is(kernel.run(699), 699);
  t.deepEqual(log, []);
  t.is(kernel.run(700), 700);
  t.deepEqual(log, [[700, 1]]);
});

test('within a tick deliveries come before computation, computation before observation', t => {
  const { kernel, log, note } = logging();
  kernel.at(10, Phase.Observe, note, 2);
  kernel.at(10, Phase.Compute, note, 1);
  kernel.at(10, Phase.Deliver, note, 0);
  kernel.at(10, Phase.Compute, note, 11);
  kernel.run();
  t.deepEqual(
    log.map(([, arg]) => arg),
    [0, 1, 11, 2],
  );
});

test('a delivery that computation schedules for the same tick runs next, in a further pass', t => {
  const { kernel, log, note } = logging();
  const compute = kernel.handler(arg => {
    log.push([kernel.now, arg]);
    if (arg === 1) kernel.after(0, Phase.Deliver, note, 5);
  });
  kernel.at(10, Phase.Compute, compute, 1);
  kernel.at(10, Phase.Compute, compute, 2);
  kernel.run();
  t.deepEqual(log, [
    [10, 1],
    [10, 5],
    [10, 2],
  ]);
});

test('a run without a bound ends at the last event, a bounded run at its bound', t => {
  const { kernel, note } = logging();
  kernel.at(300, Phase.Compute, note, 0);
  t.is(kernel.run(), 300);
  t.is(kernel.run(1_000), 1_000);
  t.is(kernel.now, 1_000);
  t.is(kernel.run(500), 1_000);
});

test('after a bounded run new events may come before the ones that wait', t => {
  const { kernel, log, note } = logging();
  kernel.at(10_000_000, Phase.Compute, note, 1);
  kernel.run(20_000);
  kernel.after(5, Phase.Compute, note, 2);
  kernel.run();
  t.deepEqual(log, [
    [20_005, 2],
    [10_000_000, 1],
  ]);
});

test('stop() ends the run after the event that calls it, and the next run goes on', t => {
  const { kernel, log, note } = logging();
  const stop = kernel.handler(() => kernel.stop());
  kernel.at(5, Phase.Compute, stop, 0);
  kernel.at(5, Phase.Compute, note, 1);
  t.is(kernel.run(100), 5);
  t.deepEqual(log, []);
  kernel.run();
  t.deepEqual(log, [[5, 1]]);
});

test('a run of so many events ends after the last of them, and the next run goes on', t => {
  const { kernel, log, note } = logging();
  for (let i = 0; i < 5; i++) kernel.at(10 * i, Phase.Compute, note, i);
  t.is(kernel.run(undefined, 2), 10);
  t.is(kernel.pending, 3);
  t.is(kernel.run(25, 2), 25);
  t.is(kernel.pending, 2);
  kernel.run(undefined, 3);
  t.is(kernel.pending, 0);
  t.deepEqual(
    log.map(([tick]) => tick),
    [0, 10, 20, 30, 40],
  );
});

test('events are counted as they are dispatched', t => {
  const { kernel, note } = logging();
  for (let i = 0; i < 7; i++) kernel.at(i, Phase.Compute, note, i);
  kernel.run(4);
  t.is(kernel.events, 5);
});

test('what breaks a handler leaves the kernel fit for the next run', t => {
  const { kernel, log, note } = logging();
  const broken = kernel.handler(() => {
    throw new Error('broken');
  });
  kernel.at(1, Phase.Compute, broken, 0);
  kernel.at(2, Phase.Compute, note, 0);
  t.throws(() => kernel.run(), { message: 'broken' });
  kernel.run();
  t.deepEqual(log, [[2, 0]]);
});

test('ticks before now, between integers and beyond the last one are refused', t => {
  const { kernel, note } = logging();
  kernel.run(100);
  for (const tick of [99, 100.5, MAX_TICK + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => kernel.at(tick, Phase.Compute, note, 0), { instanceOf: RangeError }, String(tick));
  }
  t.notThrows(() => kernel.at(100, Phase.Compute, note, 0));
  t.notThrows(() => kernel.at(MAX_TICK, Phase.Compute, note, 0));
});

test('a handler that is not registered and an argument beyond 32 bits are refused', t => {
  const { kernel, note } = logging();
  t.throws(() => kernel.at(0, Phase.Compute, note + 1, 0), { instanceOf: RangeError });
  t.throws(() => kernel.at(0, Phase.Compute, -1, 0), { instanceOf: RangeError });
  t.throws(() => kernel.at(0, Phase.Compute, note, 2 ** 31), { instanceOf: RangeError });
  t.throws(() => kernel.at(0, Phase.Compute, note, 0.5), { instanceOf: RangeError });
});

test('run() inside a handler is an error', t => {
  const kernel = new Kernel();
  kernel.at(
    0,
    Phase.Compute,
    kernel.handler(() => kernel.run()),
    0,
  );
  t.throws(() => kernel.run(), { message: /from a handler/ });
});

test('a long run allocates nothing per event', t => {
  const kernel = new Kernel();
  let left = 0;
  const again: number = kernel.handler(arg => {
    if (--left === 0) kernel.stop();
    kernel.after(arg === 0 ? 3_300_000 : 1_000 + 7 * arg, Phase.Compute, again, arg);
  });
  for (let arg = 0; arg < 64; arg++) kernel.at(0, Phase.Compute, again, arg);
  const allocated = (events: number): number => {
    const before = process.memoryUsage().heapUsed;
    left = events;
    kernel.run();
    return process.memoryUsage().heapUsed - before;
  };
  allocated(1_000_000);
  // A boxed number takes 16 bytes; other threads of the engine may allocate meanwhile, so the least counts.
  const samples = Array.from({ length: 20 }, () => allocated(50_000)).filter(bytes => bytes >= 0);
  t.true(Math.min(...samples) < 50_000, `${samples}`);
});
