import test from 'ava';
import fc from 'fast-check';
import {
  COUNTERS,
  gaussianStream,
  hashCounter,
  type StreamKey,
  streamKey,
  subKey,
  uniformStream,
} from '../../src/base/random.ts';

/** The same network in float32 arithmetic, as a GPU does it. */
function hashInFloat32(key: StreamKey, counter: number): number {
  const f = Math.fround;
  const shift = (x: number, bits: number): number => f(Math.floor(f(x * 2 ** -bits)));
  let left = shift(counter, 12);
  let right = f(counter - f(left * 4096));
  for (const k of key) {
    let t = f(left + k);
    t = f(t - f(shift(t, 12) * 4096));
    let s = f(right + shift(f(t * f(t + 1)), 6));
    s = f(s - f(shift(s, 12) * 4096));
    right = left;
    left = s;
  }
  return f(f(left * 4096) + right);
}

test('streams give the same numbers for ever', t => {
  const uniform = uniformStream(1, 'pinned', 'a', 2);
  const gaussian = gaussianStream('seed', 'pinned');
  t.deepEqual(Array.from({ length: 3 }, uniform), PINNED.uniform);
  t.deepEqual(Array.from({ length: 3 }, gaussian), PINNED.gaussian);
  const key = streamKey(1, 'pinned', 3);
  t.deepEqual(key, PINNED.key);
  t.deepEqual(subKey(key, 'below', 0), PINNED.subKey);
  t.deepEqual(
    [0, 1, 2, 1536, COUNTERS - 1].map(counter => hashCounter(key, counter)),
    PINNED.hashes,
  );
});

const PINNED = {
  uniform: [0.6336360808927566, 0.2835567449219525, 0.2219250164926052],
  gaussian: [-0.717436463152614, 1.400998379328018, -1.3052504003167376],
  key: [1379, 1181, 2634, 2048, 1858, 3811, 2379],
  subKey: [3291, 2095, 1641, 636, 2842, 2412, 2017],
  hashes: [7203661, 6566055, 3170751, 2189331, 584682],
};

test('float32 computes the bits of the counter generator', t => {
  const counters = fc.integer({ min: 0, max: COUNTERS - 1 });
  fc.assert(
    fc.property(fc.integer(), counters, (seed, counter) => {
      const key = streamKey(seed, 'float32');
      t.is(hashInFloat32(key, counter), hashCounter(key, counter));
    }),
    { numRuns: 300 },
  );
});

test('a stream visits every 24-bit number once', t => {
  const key = streamKey(7, 'bijection');
  const seen = new Uint8Array(COUNTERS);
  for (let counter = 0; counter < COUNTERS; counter++) seen[hashCounter(key, counter)] = 1;
  t.is(seen.indexOf(0), -1);
});

/** z score of the chi-square of pairs of the upper six bits, which a uniform source keeps within a few units. */
function pairScore(n: number, first: (i: number) => number, second: (i: number) => number): number {
  const counts = new Float64Array(64 * 64);
  for (let i = 0; i < n; i++) counts[(first(i) >> 18) * 64 + (second(i) >> 18)]++;
  const expected = n / counts.length;
  const chi2 = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
  return (chi2 - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

test('neighbours of strided counters are independent', t => {
  for (const stride of [1, 2, 8, 96, 384, 768, 1536, 4096]) {
    const key = streamKey(stride, 'strides');
    const n = Math.min(200_000, Math.floor(COUNTERS / stride) - 1);
    const score = pairScore(
      n,
      i => hashCounter(key, i * stride),
      i => hashCounter(key, (i + 1) * stride),
    );
    t.true(Math.abs(score) < 4.5, `stride ${stride}: ${score}`);
  }
});

test('streams of neighbouring names are independent', t => {
  const keys = [0, 1, 2, 3].map(id => streamKey(1, 'read', id));
  keys.push(subKey(keys[0], 'read', 0), streamKey(2, 'read', 0));
  for (let i = 1; i < keys.length; i++) {
    const score = pairScore(
      200_000,
      n => hashCounter(keys[0], n),
      n => hashCounter(keys[i], n),
    );
    t.true(Math.abs(score) < 4.5, `stream ${i}: ${score}`);
  }
});

test('Gaussian streams have mean 0, variance 1 and kurtosis 3', t => {
  const gaussian = gaussianStream(3, 'moments');
  const n = 200_000;
  let [m1, m2, m4] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = gaussian();
    m1 += x / n;
    m2 += (x * x) / n;
    m4 += x ** 4 / n;
  }
  t.true(Math.abs(m1) < 4 / Math.sqrt(n));
  t.true(Math.abs(m2 - 1) < 4 * Math.sqrt(2 / n));
  t.true(Math.abs(m4 - 3) < 4 * Math.sqrt(96 / n));
});
