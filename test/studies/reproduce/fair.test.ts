/** Comparisons of patterns with what could explain them held equal. */
import test from 'ava';
import { compared, type Trained, verdictOf } from '../../../studies/reproduce/fair.ts';

/** A loss that falls with the mean place alone, plus `extra`, at three seeds. */
function trained(kind: string, encoders: readonly number[], extra = 0): Trained {
  const place = encoders.reduce((a, b) => a + b, 0) / encoders.length;
  return { kind, encoders, sl: null, losses: [0, 0.1, 0.2].map(seed => seed + 2 - place / 4 + extra) };
}

const close = (t: { true: (ok: boolean, why: string) => void }, values: readonly number[], value: number) =>
  t.true(
    values.every(one => Math.abs(one - value) < 1e-12),
    `${values}`,
  );

const continuous = [1, 2, 3, 4, 5].map(i => trained('continuous', [i, i + 1, i + 2, i + 3]));

test('at equal start a kind that reaches further in is credited with its later place', t => {
  const strided = [trained('strided', [1, 3, 5, 7]), trained('strided', [2, 4, 6, 8])];
  const start = compared(strided, continuous, 'start');
  t.is(start.pairs, 2);
  // Their mean place is 1.5 later.
  close(t, start.gains, 0.375);
  t.is(verdictOf(start), 'yes');
});

test('at equal mean place it is not: between two neighbours a line stands for the pattern that is not there', t => {
  // Mean place 4 and 5; continuous ones have 2.5, 3.5, 4.5, 5.5, 6.5.
  const strided = [trained('strided', [1, 3, 5, 7]), trained('strided', [2, 4, 6, 8])];
  const place = compared(strided, continuous, 'place');
  t.is(place.pairs, 2);
  close(t, place.gains, 0);
  const better = compared([trained('strided', [1, 3, 5, 7], -0.01)], continuous, 'place');
  close(t, better.gains, 0.01);
  t.is(verdictOf(better), 'yes');
});

test('patterns of other sizes, and places beyond all others, are not compared', t => {
  t.is(compared([trained('strided', [1, 3, 5])], continuous, 'start').pairs, 0);
  t.is(compared([trained('random', [5, 6, 7, 8])], continuous.slice(0, 3), 'place').pairs, 0);
  t.deepEqual(compared([], continuous, 'place'), { pairs: 0, gains: [] });
});

test('seeds that do not agree decide nothing, nor does one seed', t => {
  t.is(verdictOf({ pairs: 4, gains: [0.01, 0.02, -0.01] }), 'open');
  t.is(verdictOf({ pairs: 4, gains: [0.01] }), 'open');
  t.is(verdictOf({ pairs: 4, gains: [-0.01, -0.011, -0.012] }), 'no');
});
