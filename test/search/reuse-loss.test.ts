/** The loss of reuse, predicted from partial trainings. */
import test from 'ava';
import { fitReuseLoss, leaveOneOut, mismatch, type ReuseSample } from '../../src/search/reuse-loss.ts';

/** CKA that falls by 0.1 per encoder of distance. */
const cka = Array.from({ length: 6 }, (_, i) =>
  Array.from({ length: 6 }, (__, j) => 1 - 0.1 * Math.abs(i - j)),
);

test('a reuse encoder is held against the last encoder that keeps its attention', t => {
  t.is(mismatch(cka, []), 0);
  t.true(Math.abs(mismatch(cka, [1, 3]) - 0.2) < 1e-12);
  // 2 takes from 1, and 3 also: distances 1 and 2.
  t.true(Math.abs(mismatch(cka, [2, 3]) - 0.3) < 1e-12);
});

const sets = [
  [1],
  [2],
  [3],
  [4],
  [5],
  [1, 2],
  [2, 4],
  [3, 5],
  [1, 3, 5],
  [2, 3, 4],
  [1, 2, 3],
  [3, 4, 5],
  [1, 5],
  [4, 5],
];
const samples: ReuseSample[] = sets.map(encoders => ({
  encoders,
  loss: 0.5 + encoders.reduce((sum, e) => sum + 0.3 / e, 0) + mismatch(cka, encoders),
}));

test('the fit orders sets that it has not seen', t => {
  const loss = fitReuseLoss(cka, samples);
  t.true(loss([1, 2, 3, 4]) > loss([2, 4]));
  t.true(loss([1, 4]) > loss([3, 4, 5].slice(1)));
  t.true(loss([5]) < loss([1]));
});

test('a sample that is left out does not predict itself', t => {
  const wild = samples.map((sample, i) => (i === 6 ? { ...sample, loss: 9 } : sample));
  t.true(leaveOneOut(cka, wild)[6] < 3);
  t.true(fitReuseLoss(cka, wild)([2, 4]) > leaveOneOut(cka, wild)[6]);
});

test('nothing to fit is a mistake', t => {
  t.throws(() => fitReuseLoss(cka, []), { instanceOf: RangeError });
});

test('pruning costs what its samples say, and never less than nothing', t => {
  const pruned = (sign: number): ReuseSample[] =>
    samples.map((sample, i) => {
      const keepLoss = i % 2 === 0 ? 0 : 0.1 * i;
      return { ...sample, keepLoss, loss: sample.loss + sign * keepLoss };
    });
  const loss = fitReuseLoss(cka, pruned(0.5));
  t.true(loss([2, 4], 1) > loss([2, 4], 0.5) && loss([2, 4], 0.5) > loss([2, 4]));
  const odd = fitReuseLoss(cka, pruned(-0.5));
  t.is(odd([2, 4], 1), odd([2, 4]));
});
