/** Ticks and seconds. */
import test from 'ava';
import { MAX_TICK, toSeconds, toTicks } from '../../src/sim/tick.ts';

test('a tick is a picosecond, and seconds are rounded to the nearest one', t => {
  t.is(toTicks(3.3e-6), 3_300_000);
  t.is(toTicks(5.2834e-9), 5_283);
  t.is(toSeconds(19_174), 19.174e-9);
});

test('four phases of the last tick are exact in a double', t => {
  t.true(Number.isSafeInteger(MAX_TICK * 4 - 1));
  t.not(MAX_TICK * 4 - 1, MAX_TICK * 4 - 2);
});
