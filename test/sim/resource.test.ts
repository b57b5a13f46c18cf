/** Resources with k servers. */
import test from 'ava';
import fc from 'fast-check';
import { Kernel } from '../../src/sim/kernel.ts';
import { Resource } from '../../src/sim/resource.ts';
import { Phase } from '../../src/sim/tick.ts';

test('one server serves claims one after another, in the order of claim', t => {
  const kernel = new Kernel();
  const bank = new Resource(kernel, 1);
  const done: [number, number][] = [];
  const finish = kernel.handler(arg => done.push([kernel.now, arg]));
  for (const arg of [0, 1, 2]) bank.claim(100, Phase.Compute, finish, arg);
  kernel.run(99);
  t.deepEqual(done, []);
  kernel.run();
  t.deepEqual(done, [
    [100, 0],
    [200, 1],
    [300, 2],
  ]);
});

test('k servers serve k claims at a time', t => {
  const bank = new Resource(new Kernel(), 3);
  t.deepEqual(
    [1, 2, 3, 4, 5, 6, 7].map(() => bank.reserve(10)),
    [10, 10, 10, 20, 20, 20, 30],
  );
});

test('a claim takes the server that is free first', t => {
  const bank = new Resource(new Kernel(), 2);
  t.deepEqual(
    [50, 10, 10, 10, 100].map(duration => bank.reserve(duration)),
    [50, 10, 20, 30, 130],
  );
});

test('freeAt() is now while a server is free, then when the first one becomes free', t => {
  const kernel = new Kernel();
  const bank = new Resource(kernel, 2);
  kernel.run(7);
  bank.reserve(20);
  t.is(bank.freeAt(), 7);
  bank.reserve(10);
  t.is(bank.freeAt(), 17);
});

test('a server that stood idle starts at once', t => {
  const kernel = new Kernel();
  const bank = new Resource(kernel, 1);
  bank.reserve(10);
  kernel.run(1_000);
  t.is(bank.reserve(10), 1_010);
  t.is(bank.waitTime, 0);
});

test('k servers finish each claim when a queue with k explicit servers does', t => {
  const claims = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 50 })), {
    maxLength: 60,
  });
  const law = fc.property(fc.integer({ min: 1, max: 5 }), claims, (k, list) => {
    const kernel = new Kernel();
    const bank = new Resource(kernel, k);
    let free: number[] = Array(k).fill(0);
    let [busy, wait] = [0, 0];
    for (const [pause, duration] of list) {
      kernel.run(kernel.now + pause);
      free = free.map(tick => Math.max(tick, kernel.now)).sort((a, b) => a - b);
      const start = free[0];
      busy += duration;
      wait += start - kernel.now;
      free[0] = start + duration;
      if (bank.reserve(duration) !== start + duration) return false;
    }
    return bank.busyTime === busy && bank.waitTime === wait && bank.claims === list.length;
  });
  t.notThrows(() => fc.assert(law));
});

test('whoever listens is told server, start and end of every service', t => {
  const kernel = new Kernel();
  const bank = new Resource(kernel, 2);
  const told: number[][] = [];
  bank.reserve(5);
  const detach = bank.onService.attach((...service) => told.push(service));
  for (const duration of [10, 7]) bank.reserve(duration);
  kernel.run(20);
  bank.reserve(1);
  detach();
  bank.reserve(1);
  t.deepEqual(told, [
    [1, 0, 10],
    [0, 5, 12],
    [1, 20, 21],
  ]);
  t.is(bank.servers, 2);
});

test('a resource without servers and a service time that is no tick are refused', t => {
  t.throws(() => new Resource(new Kernel(), 0), { instanceOf: RangeError });
  t.throws(() => new Resource(new Kernel(), 1).reserve(-1), { instanceOf: RangeError });
  t.throws(() => new Resource(new Kernel(), 1).reserve(0.5), { instanceOf: RangeError });
});
