/** Random subsets: by the seed alone. */
import test from 'ava';
import fc from 'fast-check';
import type { DataSet } from '../../src/data/data-set.ts';
import { subset } from '../../src/data/subset.ts';
import { failure } from '../arch/fixtures.ts';

const set = (size: number): DataSet => ({
  name: 'set',
  size,
  kind: 'tensor',
  classes: 4,
  item: async index => ({
    input: Float32Array.of(index),
    shape: [1],
    label: index % 4,
    name: `set#${index}`,
  }),
});

const indices = async (source: DataSet): Promise<number[]> =>
  Promise.all(Array.from({ length: source.size }, async (_, i) => (await source.item(i)).input[0]));

test('a seed draws the same items in the same order on every machine', async t => {
  t.deepEqual(await indices(subset(set(1000), 5, 1)), [741, 195, 278, 317, 940]);
  t.notDeepEqual(await indices(subset(set(1000), 5, 2)), await indices(subset(set(1000), 5, 1)));
});

test('a smaller subset is the beginning of a larger one', async t => {
  const large = await indices(subset(set(50), 50, 'a'));
  t.deepEqual(await indices(subset(set(50), 7, 'a')), large.slice(0, 7));
});

test('no item is drawn twice', async t => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat(), async (size, n, seed) => {
      const drawn = await indices(subset(set(size), 1 + (n % size), seed));
      t.is(new Set(drawn).size, drawn.length);
      t.true(drawn.every(index => index >= 0 && index < size));
    }),
  );
});

test('every place is as likely as another', async t => {
  const counts = new Array(8).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    for (const index of await indices(subset(set(8), 2, seed))) counts[index]++;
  }
  // 4000 draws over 8 items: 500 each, deviation about 19.
  t.true(
    counts.every(count => Math.abs(count - 500) < 100),
    String(counts),
  );
});

test('a subset keeps what its set says of itself', t => {
  const { name, classes, kind } = subset(set(9), 3, 0);
  t.deepEqual([name, classes, kind], ['set', 4, 'tensor']);
});

test('a subset has at least one item, and no more than its set', async t => {
  t.is(failure(() => subset(set(9), 10, 0)).message, 'subset: expected 1 to 9 items of set, got 10');
  t.is(failure(() => subset(set(9), 0, 0)).message, 'subset: expected 1 to 9 items of set, got 0');
  await t.throwsAsync(subset(set(9), 2, 0).item(2), { instanceOf: RangeError });
});
