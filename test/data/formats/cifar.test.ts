/** CIFAR's binary records. */
import test from 'ava';
import { cifarSet } from '../../../src/data/formats/cifar.ts';
import { openData } from '../../../src/data/open-data.ts';
import { failed, memoryFiles } from '../memory-files.ts';

/** Labels, then planes of 1024 red, green and blue samples. */
const record = (labels: readonly number[], rgb: readonly number[]): number[] => [
  ...labels,
  ...rgb.flatMap(value => new Array(1024).fill(value)),
];
const levels = { normalization: { mean: [0], std: [1 / 255] } } as const;

const ten = Uint8Array.from([...record([3], [1, 2, 3]), ...record([9], [4, 5, 6])]);
const hundred = Uint8Array.from(record([19, 99], [7, 8, 9]));
const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);

test('CIFAR-10 has one label byte before planes of red, green and blue', async t => {
  const set = await cifarSet(memoryFiles({ 'x/test_batch.bin': ten }), ['x/test_batch.bin'], levels);
  t.deepEqual([set.size, set.classes], [2, 10]);
  const { input, shape, label } = await set.item(1);
  t.deepEqual([shape, label], [[3, 32, 32], 9]);
  t.deepEqual(
    [0, 1023, 1024, 2048].map(i => Math.round(input[i])),
    [4, 4, 5, 6],
  );
});

test('of CIFAR-100 the fine label is taken, and the names beside the file', async t => {
  const files = memoryFiles({ 'c/test.bin': hundred, 'c/fine_label_names.txt': names(100).join('\n') });
  const set = await cifarSet(files, ['c/test.bin'], levels);
  t.deepEqual([(await set.item(0)).label, (set.classes as string[])[99]], [99, 'class 99']);
});

test('the training set of a folder is its five batches in order', async t => {
  const batch = (i: number) => Uint8Array.from(record([i], [i, i, i]));
  const files = memoryFiles({
    'cifar-10-batches-bin/test_batch.bin': ten,
    ...Object.fromEntries([1, 2, 3, 4, 5].map(i => [`cifar-10-batches-bin/data_batch_${i}.bin`, batch(i)])),
  });
  const set = await openData(files, 'cifar-10-batches-bin', { split: 'train' });
  t.deepEqual([set.name, set.size], ['cifar-10-batches-bin', 5]);
  t.deepEqual(
    (await Promise.all([0, 4].map(i => set.item(i)))).map(({ label }) => label),
    [1, 5],
  );
  t.is((await openData(files, 'cifar-10-batches-bin')).size, 2);
});

test('a small image is stretched to the input of the network', async t => {
  const set = await cifarSet(memoryFiles({ 'x.bin': ten }), ['x.bin'], {
    ...levels,
    size: 224,
    filter: 'bicubic',
  });
  const { input, shape } = await set.item(0);
  t.deepEqual([shape, Math.round(input[224 * 224])], [[3, 224, 224], 2]);
});

test('files that are no CIFAR records are refused', async t => {
  const message = async (content: Uint8Array) =>
    (await failed(cifarSet(memoryFiles({ 'x.bin': content }), ['x.bin']))).message;
  t.is(
    await message(ten.slice(1)),
    'x.bin: 6145 bytes are no whole number of CIFAR-10 (3073) or CIFAR-100 (3074) records',
  );
  t.regex(await message(new Uint8Array()), /0 bytes are no whole number/);
  t.is(
    await message(Uint8Array.from(record([10], [0, 0, 0]))),
    'x.bin#0: label 10: expected an integer from 0 to 9',
  );
  const mixed = memoryFiles({ 'a.bin': ten, 'b.bin': hundred });
  t.is((await failed(cifarSet(mixed, ['a.bin', 'b.bin']))).message, 'b.bin: CIFAR-100 beside CIFAR-10');
  const few = memoryFiles({ 'c/test.bin': hundred, 'c/fine_label_names.txt': 'a\nb\n' });
  t.is(
    (await failed(cifarSet(few, ['c/test.bin']))).message,
    'c/fine_label_names.txt: 2 classes, CIFAR-100 has 100',
  );
});
