/** Half-precision numbers become exactly the float32 that they stand for. */
import test from 'ava';
import fc from 'fast-check';
import { bfloat16ToFloat32, float16ToFloat32 } from '../../../src/workload/import/half.ts';

// Patterns and values of IEEE 754-2019, Table 3.5, and of the binary16 examples that follow from it.
const cases: [string, number, number][] = [
  ['zero', 0x0000, 0],
  ['minus zero', 0x8000, -0],
  ['the smallest subnormal', 0x0001, 2 ** -24],
  ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
  ['the smallest normal', 0x0400, 2 ** -14],
  ['one third', 0x3555, 0.333251953125],
  ['one', 0x3c00, 1],
  ['the number after one', 0x3c01, 1 + 2 ** -10],
  ['minus two', 0xc000, -2],
  ['the largest', 0x7bff, 65504],
  ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
  ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
  ['not a number', 0x7e00, Number.NaN],
];

for (const [what, bits, value] of cases)
  test(`binary16: ${what}`, t => {
    t.true(Object.is(float16ToFloat32(Uint16Array.of(bits))[0], value));
  });

test('binary16: the 63488 finite patterns are distinct, and negative ones mirror positive ones', t => {
  const all = float16ToFloat32(Uint16Array.from({ length: 65536 }, (_, i) => i));
  const seen = new Set<number>();
  for (let i = 0; i < 0x7c00; i++) {
    if (i > 0 && !(all[i] > all[i - 1])) t.fail(`pattern ${i} is not above the one before it`);
    if (!Object.is(all[i + 0x8000], -all[i])) t.fail(`pattern ${i} is not mirrored`);
    seen.add(all[i]);
  }
  t.is(seen.size, 31744);
});

test('bfloat16 is the upper half of a float32, subnormals and NaN payloads included', t => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65535 }), bits => {
      const back = new Uint32Array(bfloat16ToFloat32(Uint16Array.of(bits)).buffer)[0];
      return back === (bits << 16) >>> 0;
    }),
  );
  t.deepEqual(
    [...bfloat16ToFloat32(Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f7f))],
    [1, -2, 2 ** -133, (2 - 2 ** -7) * 2 ** 127],
  );
  t.true(Object.is(bfloat16ToFloat32(Uint16Array.of(0x8000))[0], -0));
});
