/** Integers of activations and weights: which range, which rounding, which scale. */
import test from 'ava';
import fc from 'fast-check';
import { quantize, quantizerOf } from '../../../src/numerics/quantize/quantizer.ts';
import { quantizeWeights } from '../../../src/numerics/quantize/weights.ts';

const value = fc.float({ min: -50, max: 50, noNaN: true });

test('a range without negative values is unsigned, any other is symmetric in two’s complement', t => {
  t.like(quantizerOf({ min: 0, max: 51 }, 8), { signed: false, low: 0, high: 255, scale: 0.2 });
  t.like(quantizerOf({ min: -12.7, max: 3 }, 8), { signed: true, low: -128, high: 127, scale: 12.7 / 127 });
  t.like(quantizerOf({ min: 0, max: 1 }, 1), { signed: false, low: 0, high: 1, scale: 1 });
});

test('an operand that is always zero keeps a scale', t => {
  const q = quantizerOf({ min: 0, max: 0 }, 8);
  t.deepEqual([...quantize(Float32Array.of(0, 0), q)], [0, 0]);
});

test('halves go to the even integer, and values beyond the range to its ends', t => {
  const q = quantizerOf({ min: -127, max: 127 }, 8);
  const codes = quantize(Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5, 126.6, 1e9, -127.9, -1e9), q);
  t.deepEqual([...codes], [0, 2, 2, 0, -2, 127, 127, -128, -128]);
});

test('inside its range a value moves by half a step at most', t => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 2, max: 8 }), (values, bits) => {
      const x = Float32Array.from(values);
      const clip = Math.max(...x.map(Math.abs));
      const q = quantizerOf({ min: -clip, max: clip }, bits);
      return quantize(x, q).every((code, i) => Math.abs(code * q.scale - x[i]) <= q.scale * 0.5000001);
    }),
  );
  t.throws(() => quantizerOf({ min: 0, max: 1 }, 9), { message: /9 bits: an operand has 1 to 8 bits/ });
  t.throws(() => quantizerOf({ min: -1, max: 1 }, 1), { message: /1 bits: an operand has 2 to 8 bits/ });
});

test('each output channel has a scale of its own, or all have the largest', t => {
  // 2 inputs x 2 outputs; the columns reach 127 and 2.54.
  const weight = Float32Array.of(127, 2.54, -1, -1.27);
  const own = quantizeWeights(weight, 2, 2, 8, true);
  t.deepEqual([...own.values], [127, 127, -1, -64]);
  t.true(Math.abs(own.scales[0] - 1) < 1e-6 && Math.abs(own.scales[1] - 0.02) < 1e-6);
  const shared = quantizeWeights(weight, 2, 2, 8, false);
  t.deepEqual([...shared.values], [127, 3, -1, -1]);
  t.is(shared.scales[0], shared.scales[1]);
});

test('weights never reach the code that has no opposite', t => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 2, max: 8 }),
      (w, bits) => {
        const { values } = quantizeWeights(Float32Array.from(w), 3, 2, bits, true);
        return values.every(v => Math.abs(v) <= 2 ** (bits - 1) - 1);
      },
    ),
  );
  t.deepEqual([...quantizeWeights(new Float32Array(4), 2, 2, 8, true).values], [0, 0, 0, 0]);
});
