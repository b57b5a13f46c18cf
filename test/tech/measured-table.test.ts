import test from 'ava';
import { TrexError } from '../../src/base/errors.ts';
import { type MeasuredPoint, measuredLevels } from '../../src/tech/measured-table.ts';

const uS = (target: number, mean: number, sigma: number, time?: number): MeasuredPoint => ({
  target: target * 1e-6,
  mean: mean * 1e-6,
  sigma: sigma * 1e-6,
  ...(time !== undefined && { time }),
});
const RANGE = [0, 30e-6] as const;
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;

test('a level on a row has its mean and sigma, in steps of a level; between rows both are linear', t => {
  const { shift, sigma } = measuredLevels([uS(0, 1, 2), uS(20, 20, 4), uS(30, 29, 2)], undefined, RANGE, 3);
  // Levels of 0, 10, 20 and 30 uS: means of 1, 10.5, 20 and 29.
  for (const [level, expected] of [0.1, 0.05, 0, -0.1].entries()) t.true(near(shift[level], expected));
  for (const [level, expected] of [0.2, 0.3, 0.4, 0.2].entries()) t.true(near(sigma[level], expected));
});

test('between two times a value is linear in the logarithm of time', t => {
  const points = [uS(0, 0, 1, 1), uS(30, 30, 1, 1), uS(0, 0, 3, 100), uS(30, 30, 3, 100)];
  t.true(near(measuredLevels(points, 10, RANGE, 1).sigma[0], 2 / 30));
  t.true(near(measuredLevels(points, 1, RANGE, 1).sigma[1], 1 / 30));
  t.true(near(measuredLevels(points, 100, RANGE, 1).sigma[1], 3 / 30));
  t.deepEqual(measuredLevels(points, undefined, RANGE, 1), measuredLevels(points, 1, RANGE, 1));
});

test('three times: each interval has its own line', t => {
  const points = [1, 10, 1000].flatMap((time, i) => [uS(0, 0, i, time), uS(30, 30, i, time)]);
  t.true(near(measuredLevels(points, 100, RANGE, 1).sigma[0], 1.5 / 30));
});

test('levels and times that were not measured are refused with the range', t => {
  const points = [uS(5, 5, 1, 1), uS(30, 30, 1, 1)];
  const refused = (run: () => unknown, message: RegExp) => t.throws(run, { instanceOf: TrexError, message });
  refused(
    () => measuredLevels(points, undefined, RANGE, 3),
    /from 5\.000 to 30\.00 uS, .* at 0\.000 uS; noise\.onOff/,
  );
  refused(() => measuredLevels(points, undefined, [5e-6, 31e-6], 3), /a level of the cell is at 31\.00 uS/);
  refused(() => measuredLevels(points, 2, [5e-6, 30e-6], 3), /from 1 to 1 s after programming, got 2 s/);
  refused(() => measuredLevels([uS(0, 0, 1), uS(30, 30, 1)], 2, RANGE, 3), /no column of times/);
});
