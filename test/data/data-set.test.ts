/** Batches and what they leave out. */
import test from 'ava';
import { badFile } from '../../src/data/bad-file.ts';
import { type Batch, batches, type DataSet, stack } from '../../src/data/data-set.ts';
import { failure } from '../arch/fixtures.ts';
import { failed } from './memory-files.ts';

const set = (size: number, bad: readonly number[] = []): DataSet => ({
  name: 'set',
  size,
  kind: 'tensor',
  item: async index => {
    if (bad.includes(index)) throw badFile(`file ${index}`, 'damaged');
    return { input: Float32Array.of(index, -index), shape: [2, 1], label: index % 3, name: `set#${index}` };
  },
});

async function all(source: AsyncIterable<Batch>): Promise<Batch[]> {
  const out: Batch[] = [];
  for await (const batch of source) out.push(batch);
  return out;
}

test('the last batch has what is left', async t => {
  const read = await all(batches(set(5), 2));
  t.deepEqual(
    read.map(({ shape }) => shape),
    [
      [2, 2, 1],
      [2, 2, 1],
      [1, 2, 1],
    ],
  );
  t.deepEqual(Array.from(read[1].input), [2, -2, 3, -3]);
  t.deepEqual(
    read.map(({ labels }) => Array.from(labels)),
    [[0, 1], [2, 0], [1]],
  );
});

test('a bad file stops the run by its name', async t => {
  t.deepEqual(await failed(all(batches(set(3, [1]), 2))), { message: 'file 1: damaged', exitCode: 3 });
});

test('bad files are left out and counted if that is asked for', async t => {
  const source = batches(set(5, [0, 3]), 2, { skipBad: true });
  t.deepEqual(
    (await all(source)).map(({ items }) => items.map(({ name }) => name)),
    [['set#1', 'set#2'], ['set#4']],
  );
  t.deepEqual(source.skipped, [
    { index: 0, reason: 'file 0: damaged' },
    { index: 3, reason: 'file 3: damaged' },
  ]);
});

test('a second reading counts anew', async t => {
  const source = batches(set(2, [0]), 1, { skipBad: true });
  await all(source);
  await all(source);
  t.is(source.skipped.length, 1);
});

test('only bad files are skipped, bugs are not', async t => {
  const broken: DataSet = { ...set(1), item: async () => Promise.reject(new RangeError('bug')) };
  await t.throwsAsync(all(batches(broken, 1, { skipBad: true })), { instanceOf: RangeError });
});

test('a set of bad files yields no batch', async t => {
  t.deepEqual(await all(batches(set(2, [0, 1]), 4, { skipBad: true })), []);
});

test('items of different shapes do not stack', async t => {
  const [a] = (await all(batches(set(1), 1)))[0].items;
  t.throws(() => stack([a, { ...a, shape: [1, 2] }]), { instanceOf: RangeError });
});

test('a batch has at least one item', t => {
  t.is(failure(() => batches(set(1), 0)).message, 'batch size: expected a positive integer, got 0');
});
