/** ADC bits that lose nothing. */
import test from 'ava';
import fc from 'fast-check';
import { losslessBits } from '../../../src/tech/circuit/lossless.ts';

test('64 rows of 2-bit cells have 193 sums: 8 bits', t => {
  t.is(losslessBits(64, 2), 8);
  t.is(losslessBits(64, 1), 7);
  t.is(losslessBits(63, 1), 6);
  t.is(losslessBits(128, 2), 9);
});

test('lossless bits tell all sums apart, and one bit less does not', t => {
  const rows = fc.integer({ min: 1, max: 4096 });
  const bits = fc.integer({ min: 1, max: 4 });
  t.notThrows(() =>
    fc.assert(
      fc.property(rows, bits, (n, b) => {
        const sums = n * (2 ** b - 1) + 1;
        const needed = losslessBits(n, b);
        return 2 ** needed >= sums && 2 ** (needed - 1) < sums;
      }),
    ),
  );
});
