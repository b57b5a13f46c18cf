/** What range each way of calibration finds for values whose answer is known. */
import test from 'ava';
import fc from 'fast-check';
import { gaussianStream } from '../../../src/base/random.ts';
import { Histogram } from '../../../src/numerics/quantize/histogram.ts';
import { leastError } from '../../../src/numerics/quantize/least-error.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import { percentile } from '../../../src/numerics/quantize/percentile.ts';
import { quantize, quantizerOf } from '../../../src/numerics/quantize/quantizer.ts';
import type { Calibrator, Range } from '../../../src/numerics/quantize/range.ts';

function rangeOf(calibrator: Calibrator, bits: number, ...batches: Float32Array[]): Range {
  const observer = calibrator(bits);
  for (const batch of batches) observer.observe(batch);
  return observer.range();
}

const ramp = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i / count);
const normal = (count: number): Float32Array => Float32Array.from({ length: count }, gaussianStream(1, 'x'));

test('min-max covers every batch, symmetrically once a value is negative', t => {
  t.deepEqual(rangeOf(minMax, 8, Float32Array.of(1, 3), Float32Array.of(2)), { min: 0, max: 3 });
  t.deepEqual(rangeOf(minMax, 8, Float32Array.of(1, 3), Float32Array.of(-5)), { min: -5, max: 5 });
  t.deepEqual(rangeOf(minMax, 8, Float32Array.of(0)), { min: 0, max: 0 });
});

test('a percentile leaves the outermost values out', t => {
  const { min, max } = rangeOf(percentile(90), 8, ramp(10_000));
  t.is(min, 0);
  t.true(Math.abs(max - 0.9) < 1e-3);
  t.deepEqual(rangeOf(percentile(100), 8, ramp(1000)), { min: 0, max: Math.fround(0.999) });
  t.throws(() => percentile(0), { message: /percentile 0/ });
});

test('least error clips a normal operand where theory says', t => {
  // Optimal clips of a normal distribution for symmetric uniform quantisers: 4 bits 2.55 sigma, 3 bits 1.9 to 2.1
  // (Banner et al., arXiv 1810.05723, Table 1, up to the place of the levels); 8 bits about 3.9.
  const values = normal(200_000);
  const clip = (bits: number): number => rangeOf(leastError, bits, values).max;
  t.true(clip(4) > 2.2 && clip(4) < 2.9, `${clip(4)}`);
  t.true(clip(8) > 3.4 && clip(8) < 4.6, `${clip(8)}`);
  t.true(clip(3) < clip(4) && clip(4) < clip(6));
});

test('least error loses no more than min-max or a percentile', t => {
  const values = normal(20_000).map(v => v ** 3);
  const error = (calibrator: Calibrator): number => {
    const q = quantizerOf(rangeOf(calibrator, 4, values), 4);
    return quantize(values, q).reduce((sum, code, i) => sum + (code * q.scale - values[i]) ** 2, 0);
  };
  t.true(error(leastError) < error(minMax));
  t.true(error(leastError) <= error(percentile(99.9)) * 1.01);
});

test('the order of batches does not change a histogram', t => {
  const batch = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }));
  fc.assert(
    fc.property(fc.array(batch), batches => {
      const [forward, backward] = [new Histogram(), new Histogram()];
      for (const b of batches) forward.add(Float32Array.from(b));
      for (const b of batches.toReversed()) backward.add(Float32Array.from(b));
      const same = forward.counts.every((count, i) => count === backward.counts[i]);
      return (
        same &&
        forward.width === backward.width &&
        forward.counts.reduce((a, c) => a + c, 0) === forward.total
      );
    }),
  );
  const h = new Histogram();
  h.add(Float32Array.of(0, 0.25, -1));
  t.is(h.width, 2 / 4096);
  t.deepEqual([h.counts[0], h.counts[512], h.counts[2048], h.negative], [1, 1, 1, true]);
});
