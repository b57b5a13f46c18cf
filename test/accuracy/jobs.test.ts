import test from 'ava';
import fc from 'fast-check';
import { BLOCK, jobsOf, variantKey } from '../../src/accuracy/jobs.ts';

test('exact networks come first, then points with their draws, then layers', t => {
  const jobs = jobsOf({ images: 3, points: 2, draws: 2, layers: ['a', 'b'], layerPoint: 1 });
  t.deepEqual(
    jobs.map(job => job.key),
    [
      ...['float32/0', 'int8/0', 'analog/0/0/0', 'analog/0/1/0', 'analog/1/0/0', 'analog/1/1/0'],
      ...['analog/1/0/a/0', 'analog/1/0/b/0', 'analog/1/1/a/0', 'analog/1/1/b/0'],
    ],
  );
});

test('every network sees every input once, and no key stands twice', t => {
  const some = fc.record({
    images: fc.integer({ min: 1, max: 70 }),
    points: fc.integer({ min: 1, max: 3 }),
    draws: fc.integer({ min: 1, max: 3 }),
    layers: fc.constantFrom([], ['a'], ['a', 'b']),
    layerPoint: fc.constant(0),
  });
  fc.assert(
    fc.property(some, options => {
      const jobs = jobsOf(options);
      const seen = new Map<string, number>();
      for (const { variant, from, to } of jobs) {
        const key = variantKey(variant);
        if ((seen.get(key) ?? 0) !== from || to - from > BLOCK || to <= from) return false;
        seen.set(key, to);
      }
      const all = [...seen.values()].every(to => to === options.images);
      return all && new Set(jobs.map(job => job.key)).size === jobs.length;
    }),
  );
  t.is(jobsOf({ images: BLOCK + 1, points: 1, draws: 1, layers: [], layerPoint: 0 }).length, 6);
});
