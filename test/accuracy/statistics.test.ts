import test from 'ava';
import fc from 'fast-check';
import { spread, studentT, wilson95 } from '../../src/accuracy/statistics.ts';

test("the quantiles are those of Student's table", t => {
  const printed: [number, number][] = [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [30, 2.042],
    [120, 1.98],
    [1e6, 1.96],
  ];
  for (const [freedom, value] of printed) t.is(Number(studentT(freedom).toFixed(3)), value, `${freedom}`);
});

test('one degree of freedom is a Cauchy distribution, two have a closed form', t => {
  t.true(Math.abs(studentT(1) - Math.tan(Math.PI * 0.475)) < 1e-9);
  // F(t) = 1/2 + t / (2 sqrt(2 + t^2)) = 0.975
  t.true(Math.abs(studentT(2) - 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))) < 1e-9);
});

test('mean and interval of three values by hand', t => {
  // Mean 2, variance 1, 4.3027 / sqrt(3).
  const { mean, interval95 } = spread([1, 2, 3]);
  t.is(mean, 2);
  t.true(Math.abs(interval95! - 2.48414) < 1e-5);
});

test('one value has no interval', t => t.deepEqual(spread([0.5]), { mean: 0.5, interval95: null }));

test('equal values have an interval of zero, and a shift moves only the mean', t => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 2, max: 9 }), (value, n) => {
      const same = spread(Array.from({ length: n }, () => value));
      const spaced = spread(Array.from({ length: n }, (_, i) => i));
      const moved = spread(Array.from({ length: n }, (_, i) => i + value));
      return (
        same.interval95 === 0 &&
        Math.abs(moved.mean - spaced.mean - value) < 1e-9 &&
        Math.abs(moved.interval95! - spaced.interval95!) < 1e-9
      );
    }),
  );
  t.is(spread([7, 7]).mean, 7);
});

test("Wilson's interval is that of published tables, and grows narrower with trials", t => {
  const shown = (hits: number, trials: number): string => {
    const { share, low, high } = wilson95(hits, trials);
    return [share, low, high].map(value => value.toFixed(4)).join(' ');
  };
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
  t.is(shown(81, 263), '0.3080 0.2553 0.3662');
  t.is(shown(15, 148), '0.1014 0.0624 0.1605');
  t.is(shown(0, 20), '0.0000 0.0000 0.1611');
  t.is(shown(1, 29), '0.0345 0.0061 0.1718');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (trials, some) => {
      const hits = Math.min(trials, some);
      const [few, many] = [wilson95(hits, trials), wilson95(4 * hits, 4 * trials)];
      return few.low <= few.share && few.share <= few.high && many.high - many.low < few.high - few.low;
    }),
  );
});
