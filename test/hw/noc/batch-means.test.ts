import test from 'ava';
import { BatchMeans } from '../../../src/hw/noc/batch-means.ts';

const of = (values: readonly number[]) => {
  const batches = new BatchMeans(100, 10 * values.length);
  values.forEach((value, i) => {
    batches.add(100 + 10 * i, value);
  });
  return batches.confidence();
};

test('the half width is t times the standard error of ten batch means', t => {
  // Means 1 .. 10 out of order: variance 55/6, t(0.975, 9) = 2.262.
  const confidence = of([4, 7, 1, 10, 3, 9, 5, 2, 8, 6]);
  t.true(Math.abs((confidence?.halfWidth ?? 0) - 2.262 * Math.sqrt(55 / 6 / 10)) < 1e-12);
  t.false(confidence?.rising);
});

test('values that grow from batch to batch rise, those that fall, or grow by less than 5 %, do not', t => {
  t.true(of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])?.rising);
  t.false(of([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])?.rising);
  t.false(of([100, 100.4, 100.8, 101.2, 101.6, 102, 102.4, 102.8, 103.2, 103.6])?.rising);
});

test('equal values have an interval of nothing; an empty batch gives none', t => {
  t.deepEqual(of(Array(10).fill(7)), { halfWidth: 0, rising: false });
  const empty = new BatchMeans(0, 100);
  empty.add(5, 1);
  t.is(empty.confidence(), null);
});

test('values from before the first batch and after the last one count with these', t => {
  const batches = new BatchMeans(100, 100);
  for (let batch = 0; batch < 9; batch++) batches.add(105 + 10 * batch, 1);
  batches.add(40, 1);
  t.is(batches.confidence(), null);
  batches.add(205, 1);
  t.is(batches.confidence()?.halfWidth, 0);
});
