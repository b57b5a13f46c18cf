/** Clock domains. */
import test from 'ava';
import fc from 'fast-check';
import { Clock } from '../../src/sim/clock.ts';
import { Kernel } from '../../src/sim/kernel.ts';

test('edge() is now on an edge, and the next multiple of the period off it', t => {
  const kernel = new Kernel();
  const clock = new Clock(kernel, 1_000);
  t.is(clock.edge(), 0);
  kernel.run(1);
  t.is(clock.edge(), 1_000);
  kernel.run(1_000);
  t.is(clock.edge(), 1_000);
  t.is(clock.after(3), 4_000);
  kernel.run(1_001);
  t.is(clock.after(3), 5_000);
});

test('an edge is the least multiple of the period that is not before now', t => {
  const law = fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.maxSafeNat().map(n => n % 2 ** 51),
    (period, now) => {
      const kernel = new Kernel();
      kernel.run(now);
      const edge = new Clock(kernel, period).edge();
      return edge % period === 0 && edge >= now && edge - period < now;
    },
  );
  t.notThrows(() => fc.assert(law));
});

test('a span takes the cycles that cover it', t => {
  const clock = new Clock(new Kernel(), 1_000);
  t.deepEqual(
    [0, 1, 1_000, 1_001].map(span => clock.cycles(span)),
    [0, 1, 1, 2],
  );
});

test('a period that is not a positive integer is refused', t => {
  for (const period of [0, -1, 0.5, Number.NaN]) t.throws(() => new Clock(new Kernel(), period));
});
