import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { writeSigma } from '../../../src/tech/noise/write-variation.ts';

test('a polynomial says the same as the fit whose coefficients it has', t => {
  // Joshi's quadratic in G becomes one in G / 25 uS.
  const coefficients_uS = [0.2864, 0.07586 * 25, -0.001788 * 625];
  const range_uS = [1, 25] as const;
  const own = writeSigma({ kind: 'polynomial', coefficients_uS, full_uS: 25, range_uS }, 3, 0);
  const fit = writeSigma({ kind: 'device', device: 'pcm-joshi', range_uS }, 3, 0);
  for (const [level, sigma] of own.entries()) t.true(Math.abs(sigma / fit[level] - 1) < 1e-12);
  // At 25 uS: 0.2864 + 1.8965 - 1.1175 uS, a level being 8 uS.
  t.true(Math.abs(own[3] - 1.0654 / 8) < 1e-4);
});

test('a spread is never negative', t => {
  const range_uS = [0, 10] as const;
  const sigma = writeSigma({ kind: 'polynomial', coefficients_uS: [1, -2], full_uS: 10, range_uS }, 2, 0);
  t.deepEqual(sigma, [0.2, 0, 0]);
});

test('levels outside of where a polynomial holds are refused', t => {
  const run = () =>
    writeSigma({ kind: 'polynomial', coefficients_uS: [1], full_uS: 5, range_uS: [0.1, 10] }, 3, 0);
  t.throws(run, { instanceOf: TrexError, message: /holds from 0 to 5 uS, got levels from 0\.1 to 10 uS/ });
});
