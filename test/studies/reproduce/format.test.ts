/** Figures, intervals and differences in words. */
import test from 'ava';
import { loss, lossText, meanText, rankText, scoreOf, valueText } from '../../../studies/reproduce/format.ts';
import { fullStudy } from '../../../studies/reproduce/tasks.ts';

const { glyphs, grammar } = fullStudy;
const scores = { top1: 0.9, top5: null, loss: 0.3, matthews: 0.8 };

test('the interval of a share is that of other inputs drawn alike', t => {
  const value = scoreOf(glyphs, scores, 900);
  t.is(value.mean, 0.9);
  // 1.96 sqrt(0.9 x 0.1 / 900)
  t.true(Math.abs(value.half - 0.0196) < 1e-9);
  t.is(valueText(glyphs, value), '90.0 ± 2.0');
  t.is(valueText(grammar, scoreOf(grammar, scores, 900)), '0.800 ± 0.039');
});

test('a difference counts when it is beyond the intervals of both', t => {
  const [a, b] = [
    { mean: 0.9, half: 0.03 },
    { mean: 0.84, half: 0.04 },
  ];
  t.true(loss(a, b).certain);
  t.false(loss(a, { ...b, mean: 0.86 }).certain);
  t.is(lossText(glyphs, a, b), '6.0 ± 5.0 points lower');
  t.is(lossText(glyphs, b, a), '6.0 ± 5.0 points higher');
  t.regex(lossText(glyphs, a, { ...b, mean: 0.86 }), /^no difference that its interval shows/);
});

test('one value has no interval, and equal ranks no correlation', t => {
  t.is(meanText([0.5]), '0.500');
  t.regex(meanText([0.4, 0.6]), /^0\.500 ± 1\.27/);
  t.is(rankText(Number.NaN), 'none (too few, or all equal)');
});
