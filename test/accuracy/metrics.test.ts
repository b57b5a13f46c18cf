import test from 'ava';
import { addToTally, emptyTally, mergeTallies, scoresOf, type Tally } from '../../src/accuracy/metrics.ts';
import { TrexError } from '../../src/base/errors.ts';

const of = (classes: number, ...cases: [number[], number][]): Tally =>
  cases.reduce(
    (sum, [logits, label]) => addToTally(sum, Float32Array.from(logits), label, 'x'),
    emptyTally(classes),
  );

test('top-1 counts the largest, top-5 the first five', t => {
  const logits = [6, 5, 4, 3, 2, 1, 0];
  const tally = of(7, [logits, 0], [logits, 4], [logits, 5]);
  t.like(tally, { images: 3, top1: 1, top5: 2 });
  t.like(scoresOf(tally, 7), { top1: 1 / 3, top5: 2 / 3 });
});

test('of equal logits the first comes first', t => {
  t.is(of(3, [[1, 1, 1], 0]).top1, 1);
  t.is(of(3, [[1, 1, 1], 1]).top1, 0);
});

test('the loss is the cross-entropy of the softmax, also of large logits', t => {
  // -log(1 / 2) and -log(e^2 / (e^2 + 1))
  t.true(Math.abs(of(2, [[5, 5], 1]).loss - Math.LN2) < 1e-12);
  t.true(Math.abs(of(2, [[1002, 1000], 0]).loss - Math.log1p(Math.exp(-2))) < 1e-9);
});

test('five classes have no top-5, more than two no correlation', t => {
  t.like(scoresOf(of(5, [[1, 2, 3, 4, 5], 4]), 5), { top5: null, matthews: null });
});

test("Matthews' correlation by hand", t => {
  // TP 2, TN 1, FP 1, FN 0: (2 - 0) / sqrt(3 x 2 x 2 x 1)
  const tally = of(2, [[0, 1], 1], [[0, 1], 1], [[1, 0], 0], [[0, 1], 0]);
  t.deepEqual(tally.confusion, [1, 1, 0, 2]);
  t.true(Math.abs(scoresOf(tally, 2).matthews! - 2 / Math.sqrt(12)) < 1e-12);
  t.is(scoresOf(of(2, [[0, 1], 1]), 2).matthews, 0);
});

test('tallies of parts add up to that of the whole', t => {
  const [a, b]: [number[], number][] = [
    [[1, 2], 1],
    [[3, 1], 1],
  ];
  t.deepEqual(mergeTallies(of(2, a), of(2, b)), of(2, a, b));
});

test('an output that is no number is an error with the name of its input', t => {
  const error = t.throws(() => addToTally(emptyTally(2), Float32Array.of(0, Number.NaN), 0, 'cat.png'), {
    instanceOf: TrexError,
  });
  t.regex(error!.message, /cat\.png: output 1 of the network is NaN/);
});
