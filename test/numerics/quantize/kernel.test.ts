/** Rounding in WebAssembly: the bits of the plain loops. */
import test from 'ava';
import fc from 'fast-check';
import {
  largestOfColumns,
  plainLargest,
  plainRoundAll,
  roundAll,
} from '../../../src/numerics/quantize/quantizer.ts';

const value = fc.oneof(
  fc.float({ min: -40, max: 40 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5, 1.5, -0.5, -2.5, -0),
);
const table = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 }))
  .chain(([rows, columns]) =>
    fc.tuple(
      fc.array(value, { minLength: rows * columns, maxLength: rows * columns }),
      fc.array(fc.double({ min: 0.01, max: 3, noNaN: true }), { minLength: columns, maxLength: columns }),
    ),
  );

test('quotients are rounded to the nearest, ties to even, and clamped, with a scale for each column or for all', t => {
  fc.assert(
    fc.property(table, ([numbers, scales]) => {
      const values = Float32Array.from(numbers);
      for (const [low, high] of [
        [-128, 127],
        [0, 255],
        [-7, 7],
      ]) {
        t.deepEqual(roundAll(values, scales, low, high), plainRoundAll(values, scales, low, high));
        t.deepEqual(roundAll(values, [scales[0]], low, high), plainRoundAll(values, [scales[0]], low, high));
      }
    }),
  );
  t.deepEqual(
    [...roundAll(Float32Array.of(0.5, 1.5, 2.5, -0.5, 300, -300), [1], -128, 127)],
    [0, 2, 2, 0, 127, -128],
  );
});

test('the largest magnitude of each column is found, whatever its sign', t => {
  fc.assert(
    fc.property(table, ([numbers, scales]) => {
      const values = Float32Array.from(numbers);
      t.deepEqual(largestOfColumns(values, scales.length), plainLargest(values, scales.length));
    }),
  );
  t.deepEqual([...largestOfColumns(Float32Array.of(1, -5, -2, 3), 2)], [2, 5]);
});
