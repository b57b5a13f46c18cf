/** The window that is chosen, against the errors of windows worked out sum by sum. */
import test from 'ava';
import fc from 'fast-check';
import { bestWindow } from '../../../src/numerics/mvm/best-window.ts';
import type { AdcWindow } from '../../../src/numerics/mvm/spec.ts';
import { SumHistogram } from '../../../src/numerics/mvm/sum-histogram.ts';

interface Sum {
  readonly sum: number;
  readonly weight: number;
}

/** `conversions`: of each result. */
function histogramOf(all: readonly Sum[], unit = 1, conversions = 1): SumHistogram {
  const sums = new SumHistogram(-64, 256, unit);
  for (const { sum, weight } of all) sums.add(sums.binOf(sum), weight);
  sums.results = all.length / conversions;
  return sums;
}

function errorOf(
  all: readonly Sum[],
  { levels, steps, low }: AdcWindow,
  maxCode: number,
  conversions = 1,
): number {
  const step = levels / steps;
  let [square, mean] = [0, 0];
  for (const { sum, weight } of all) {
    const code = Math.min(low + maxCode, Math.max(low, Math.floor(sum / step + 0.5)));
    const error = weight * (code * step - sum);
    square += error * error;
    mean += error / all.length;
  }
  return square + mean * mean * all.length * conversions;
}

const sums = (weight: fc.Arbitrary<number>) =>
  fc.array(fc.record({ sum: fc.integer({ min: -64, max: 256 }), weight }), { minLength: 1, maxLength: 60 });
const signed = sums(fc.constantFrom(1, -1, 2, -8));
const bits = fc.integer({ min: 1, max: 8 });

test('no other window of its steps comes closer, of those whose code 0 is no sum below the least', t => {
  const law = fc.property(signed, bits, (all, bits) => {
    const maxCode = 2 ** bits - 1;
    const best = bestWindow(histogramOf(all), maxCode);
    const error = errorOf(all, best, maxCode);
    for (const { levels, steps } of [best, { levels: 1, steps: 1 }, { levels: 128, steps: 64 }])
      for (let low = Math.ceil((-64 * steps) / levels); low * levels <= 256 * steps; low++)
        if (errorOf(all, { levels, steps, low }, maxCode) < error - 1e-6) return false;
    return true;
  });
  t.notThrows(() => fc.assert(law));
});

test('one bit more is never worse', t => {
  // Pairs of either sign: their mean errors add up to nothing, and every conversion counts for itself.
  const law = fc.property(sums(fc.constantFrom(1, 2, 8)), bits, (half, bits) => {
    const all = half.flatMap(({ sum, weight }) => [
      { sum, weight },
      { sum, weight: -weight },
    ]);
    const error = (bits: number): number => {
      const maxCode = 2 ** bits - 1;
      return errorOf(all, bestWindow(histogramOf(all), maxCode), maxCode);
    };
    return error(bits + 1) <= error(bits) + 1e-6;
  });
  t.notThrows(() => fc.assert(law));
});

test('sums that span no more than the codes are converted without an error', t => {
  const band = fc.record({ from: fc.integer({ min: -64, max: 193 }), weight: fc.constantFrom(1, -2) });
  const law = fc.property(band, ({ from, weight }) => {
    const all = Array.from({ length: 64 }, (_, i) => ({ sum: from + i, weight }));
    return errorOf(all, bestWindow(histogramOf(all), 63), 63) === 0;
  });
  t.notThrows(() => fc.assert(law));
});

test('bins of several levels choose about as well, and 0 stays 0', t => {
  const law = fc.property(signed, bits, (all, bits) => {
    const maxCode = 2 ** bits - 1;
    // Half of all sums are 0, as where few rows are active.
    const sparse = all.flatMap(one => [one, { sum: 0, weight: one.weight }]);
    const { levels, steps, low } = bestWindow(histogramOf(sparse, 4), maxCode);
    const zero = Math.min(low + maxCode, Math.max(low, 0));
    const coarse = errorOf(sparse, { levels, steps, low }, maxCode);
    const fine = errorOf(sparse, bestWindow(histogramOf(sparse), maxCode), maxCode);
    return bits < 6 || (zero === 0 && coarse <= 2 * fine + 4 * 64 * sparse.length);
  });
  t.notThrows(() => fc.assert(law));
});
