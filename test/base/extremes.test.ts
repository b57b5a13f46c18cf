import test from 'ava';
import { largest, smallest } from '../../src/base/extremes.ts';

test('any number of values has a largest and a smallest one', t => {
  const many = Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 500_009);
  t.deepEqual([smallest(many), largest(many)], [0, many.reduce((a, b) => Math.max(a, b))]);
  t.deepEqual([largest([]), smallest([])], [Math.max(), Math.min()]);
  t.deepEqual([largest([1, Number.NaN, 2]), smallest(new Set([3, -1]))], [Number.NaN, -1]);
});
