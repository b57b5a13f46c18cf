/** Streams by number: as good as named ones. */
import test from 'ava';
import { hashCounter, streamKey, subKey } from '../../../src/base/random.ts';
import { numberedKey } from '../../../src/numerics/noise/numbered-key.ts';

const KEY = streamKey(1, 'numbers');
const DRAWS = 20_000;

/** Chi-square of pairs of 4-bit parts of two sequences, as a z score. */
function pairScore(a: (i: number) => number, b: (i: number) => number): number {
  const counts = new Float64Array(256);
  for (let i = 0; i < DRAWS; i++) counts[(a(i) >> 20) * 16 + (b(i) >> 20)]++;
  const expected = DRAWS / 256;
  const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chi2 - 255) / Math.sqrt(2 * 255);
}

test('the same number gives the same key, seven numbers of 12 bits, and others give others', t => {
  const key = numberedKey(KEY, 5);
  t.deepEqual(numberedKey(KEY, 5), key);
  t.is(key.length, 7);
  t.true(key.every(k => Number.isInteger(k) && k >= 0 && k < 4096));
  const seen = new Set(Array.from({ length: 2000 }, (_, i) => numberedKey(KEY, i).join()));
  t.is(seen.size, 2000);
  // Beyond the counters of one stream, another begins.
  t.deepEqual(numberedKey(KEY, 2 ** 22 + 3), numberedKey(subKey(KEY, 'numbers', 1), 3));
});

test('neighbouring streams, and their strided counters, are independent', t => {
  for (const number of [0, 1, 2, 1000]) {
    const [a, b] = [numberedKey(KEY, number), numberedKey(KEY, number + 1)];
    for (const stride of [1, 24, 384, 1536]) {
      const draw = (key: readonly number[]) => (i: number) => hashCounter(key, (i * stride) % 2 ** 24);
      t.true(Math.abs(pairScore(draw(a), draw(b))) < 4.5, `streams ${number} and the next, stride ${stride}`);
      t.true(Math.abs(pairScore(draw(a), i => draw(a)(i + 1))) < 4.5, `stream ${number}, stride ${stride}`);
    }
  }
});
