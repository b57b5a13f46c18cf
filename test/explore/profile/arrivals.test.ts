/** A queue in front of one server, against formulas of queueing theory. */
import test from 'ava';
import { queued } from '../../../src/explore/profile/arrivals.ts';
import { percentilesOf } from '../../../src/report/percentiles.ts';

const near = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * b;

for (const load of [0.3, 0.6, 0.8])
  test(`M/D/1: mean waiting is rate s^2 / (2 (1 - load)) at a load of ${load}`, t => {
    const s = 2e-3;
    const rate_Hz = load / s;
    const { waiting_s, expectedWaiting_s, utilization, response_s } = queued([{ value: s, count: 7 }], {
      rate_Hz,
      seed: 1,
      idle_W: 0,
    });
    const formula = (rate_Hz * s * s) / (2 * (1 - load));
    t.true(near(expectedWaiting_s, formula, 1e-12));
    t.true(near(waiting_s.mean, formula, 0.04), `${waiting_s.mean} ${formula}`);
    t.true(near(response_s.mean, formula + s, 0.03));
    t.true(near(utilization, load, 1e-12));
    // Who finds the chip idle does not wait: the share 1 - load of all.
    t.is(waiting_s.p50 === 0, load < 0.5);
  });

test('M/G/1: services of two lengths wait longer than equal ones of the same mean', t => {
  const services = [
    { value: 1e-3, count: 3 },
    { value: 5e-3, count: 1 },
  ];
  const rate_Hz = 300;
  const { waiting_s, utilization, expectedWaiting_s } = queued(services, { rate_Hz, seed: 3, idle_W: 0 });
  const square = (3 * 1e-6 + 25e-6) / 4;
  t.true(near(utilization, 0.6, 1e-12));
  t.true(near(expectedWaiting_s, (300 * square) / (2 * 0.4), 1e-12));
  t.true(near(waiting_s.mean, expectedWaiting_s, 0.04), `${waiting_s.mean} ${expectedWaiting_s}`);
});

test('between inputs the chip draws its idle power', t => {
  const { idleEnergy_J } = queued([{ value: 1e-3, count: 1 }], { rate_Hz: 100, seed: 1, idle_W: 2 });
  t.true(near(idleEnergy_J, 2 * 9e-3, 1e-12));
});

test('percentiles are the nearest rank', t => {
  const values = Array.from({ length: 100 }, (_, i) => ({ value: 100 - i, count: 1 }));
  t.deepEqual(percentilesOf(values), { mean: 50.5, p50: 50, p95: 95, p99: 99 });
});
