/** Sums that were not seen: as many as Student's t has beyond those that were. */
import test from 'ava';
import { SeenSums } from '../../../src/numerics/mvm/seen-sums.ts';
import { SumHistogram } from '../../../src/numerics/mvm/sum-histogram.ts';

/** The share of sums that is added beyond -1 .. 1 times `scale`, of `vectors` vectors that showed these two in turn. */
function shareBeyond(vectors: number, scale: number, unit: number): number {
  const seen = new SeenSums();
  for (let i = 0; i < vectors; i++) seen.add(Int32Array.of(i % 2 === 0 ? scale : -scale));
  const sums = new SumHistogram(-2e5, 2e5, unit);
  seen.addTails(sums, 3);
  const of = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const count = of(sums.squares) / 9;
  // Of the same weight, with and without its square.
  return Math.abs(of(sums.signed) / 3 - count) < 1e-6 ? count / vectors : Number.NaN;
}

test('two vectors leave Cauchy s law, sqrt(3) times as wide: 2/3 of it beyond what they showed', t => {
  // 1 - 2 atan(1 / sqrt 3) / pi; 0.5 of 100 less than a sum, as bins have it, and an end at 2000 times the spread.
  for (const unit of [1, 8]) t.true(Math.abs(shareBeyond(2, 100, unit) - 2 / 3) < 0.02, `${unit}`);
});

test('many vectors leave the normal law: 0.317 beyond a standard deviation', t => {
  t.true(Math.abs(shareBeyond(1000, 100, 1) - 0.317) < 0.005);
});

test('sums that never differ have no tails', t => {
  const seen = new SeenSums();
  for (let i = 0; i < 3; i++) seen.add(Int32Array.of(7, 7));
  const sums = new SumHistogram(0, 20, 1);
  seen.addTails(sums, 1);
  t.true(sums.squares.every(weight => weight === 0));
});
