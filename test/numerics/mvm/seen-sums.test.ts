/** Sums that were not seen: as many as a normal law has beyond those that were. */
import test from 'ava';
import { SeenSums } from '../../../src/numerics/mvm/seen-sums.ts';
import { SumHistogram } from '../../../src/numerics/mvm/sum-histogram.ts';

/** The share of sums that is added beyond -1 .. 1 times `scale`, of `vectors` vectors that showed these two in turn. */
function shareBeyond(vectors: number, scale: number, unit: number): number {
  const seen = new SeenSums();
  for (let i = 0; i < vectors; i++) seen.add(Int32Array.of(i % 2 === 0 ? scale : -scale));
  const sums = new SumHistogram(-2000, 2000, unit);
  seen.addTails(sums, 3);
  const of = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const count = of(sums.squares) / 9;
  // Of the same weight, with and without its square.
  return Math.abs(of(sums.signed) / 3 - count) < 1e-6 ? count / vectors : Number.NaN;
}

test('many vectors leave 0.317 beyond a standard deviation', t => {
  t.true(Math.abs(shareBeyond(1000, 100, 1) - 0.317) < 0.005);
});

test('two vectors leave 0.564: a law sqrt(3) times as wide as what they showed', t => {
  t.true(Math.abs(shareBeyond(2, 100, 1) - 0.564) < 0.005);
});

test('sums that never differ have no tails', t => {
  const seen = new SeenSums();
  for (let i = 0; i < 3; i++) seen.add(Int32Array.of(7, 7));
  const sums = new SumHistogram(0, 20, 1);
  seen.addTails(sums, 1);
  t.true(sums.squares.every(weight => weight === 0));
});
