/** Data from NumPy arrays. */
import test from 'ava';
import { crc32 } from '../../../src/base/crc32.ts';
import { openData } from '../../../src/data/open-data.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';
import { failed, memoryFiles } from '../memory-files.ts';

/** An array of any type, as numpy.save writes it. */
const npy = (descr: string, shape: readonly number[], bytes: ArrayLike<number>): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map(n => `${n},`).join('')}), }\n`;
  const text = [...`\x93NUMPY\x01\0`].map(c => c.charCodeAt(0));
  const head = [...header].map(c => c.charCodeAt(0));
  return Uint8Array.from([...text, head.length & 255, head.length >> 8, ...head, ...Array.from(bytes)]);
};

/** A zip archive of stored files. */
function zip(contents: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const u16 = (n: number) => [n & 255, n >> 8];
  const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)];
  const body: number[] = [];
  const directory: number[] = [];
  for (const [name, data] of Object.entries(contents)) {
    const chars = [...name].map(c => c.charCodeAt(0));
    const common = [
      ...u16(20),
      ...u16(0),
      ...u16(0),
      ...u32(0),
      ...u32(crc32(data)),
      ...u32(data.length),
      ...u32(data.length),
    ];
    const at = body.length;
    body.push(...u32(0x04034b50), ...common, ...u16(chars.length), ...u16(0), ...chars, ...data);
    directory.push(
      ...u32(0x02014b50),
      ...u16(20),
      ...common,
      ...u16(chars.length),
      ...u16(0),
      ...u16(0),
      ...u16(0),
    );
    directory.push(...u16(0), ...u32(0), ...u32(at), ...chars);
  }
  const count = Object.keys(contents).length;
  const end = [...u32(0x06054b50), ...u16(0), ...u16(0), ...u16(count), ...u16(count)];
  return Uint8Array.from([
    ...body,
    ...directory,
    ...end,
    ...u32(directory.length),
    ...u32(body.length),
    ...u16(0),
  ]);
}

const y = writeNpy(BigInt64Array.of(4n, 0n), [2]);
const levels = { channels: 1, normalization: { mean: [0], std: [1 / 255] } } as const;

const pair = (x: Uint8Array, labels = y) => memoryFiles({ 'd/x.npy': x, 'd/y.npy': labels });

test('floats are tensors as they are stored', async t => {
  const set = await openData(pair(writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1])), 'd/x.npy');
  t.deepEqual([set.size, set.kind, set.classes], [2, 'tensor', 5]);
  t.deepEqual(await set.item(1), {
    input: Float32Array.of(4, 5, 6),
    shape: [3, 1],
    label: 0,
    name: 'x.npy#1',
  });
});

test('integers of two axes are token ids', async t => {
  const set = await openData(pair(writeNpy(Int32Array.of(101, 7, 102, 101, 8, 102), [2, 3])), 'd/x.npy');
  t.is(set.kind, 'tokens');
  t.deepEqual((await set.item(0)).input, Int32Array.of(101, 7, 102));
});

test('bytes are images, channels last or first', async t => {
  const pixels = [1, 2, 3, 4, 5, 6, 7, 8];
  const planes = async (shape: readonly number[], bytes: readonly number[], channels: 1 | 3) => {
    const set = await openData(pair(npy('|u1', shape, bytes)), 'd/x.npy', { ...levels, channels });
    const { input, shape: got } = await set.item(0);
    return [got, Array.from(input, Math.round)];
  };
  t.deepEqual(await planes([2, 2, 2], pixels, 1), [
    [1, 2, 2],
    [1, 2, 3, 4],
  ]);
  const colour = [...pixels, 9, 10, 11, 12];
  t.deepEqual(await planes([2, 1, 2, 3], colour, 3), [
    [3, 1, 2],
    [1, 4, 2, 5, 3, 6],
  ]);
  t.deepEqual(await planes([2, 3, 1, 2], colour, 3), [
    [3, 1, 2],
    [1, 2, 3, 4, 5, 6],
  ]);
});

test('an archive has x and y, or those of its splits', async t => {
  const x = npy('|u1', [2, 1, 1], [5, 6]);
  const plain = memoryFiles({ 'a.npz': zip({ 'x.npy': x, 'y.npy': y }) });
  t.is((await (await openData(plain, 'a.npz', levels)).item(1)).name, 'a.npz#1');
  const keras = memoryFiles({
    'm.npz': zip({
      'x_test.npy': x,
      'y_test.npy': y,
      'x_train.npy': npy('|u1', [2, 1, 1], [7, 8]),
      'y_train.npy': y,
    }),
  });
  const first = async (split: 'test' | 'train') =>
    Math.round((await (await openData(keras, 'm.npz', { ...levels, split })).item(0)).input[0]);
  t.deepEqual([await first('test'), await first('train')], [5, 7]);
  const other = memoryFiles({ 'o.npz': zip({ 'images.npy': x }) });
  t.is(
    (await failed(openData(other, 'o.npz'))).message,
    'o.npz: expected the arrays x and y, or x_test and y_test; it has images',
  );
});

test('arrays that do not fit each other or a network are refused', async t => {
  const message = async (x: Uint8Array, labels?: Uint8Array) =>
    (await failed(openData(pair(x, labels), 'd/x.npy'))).message;
  const x = writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
  t.is(await message(x, writeNpy(Int32Array.of(1), [1])), 'd/y.npy: shape [1]; 2 items in d/x.npy need [2]');
  t.is(
    await message(x, writeNpy(Float32Array.of(1, 0.5), [2])),
    'd/y.npy#1: label 0.5: expected an integer from 0 to 1048575',
  );
  t.regex(
    await message(writeNpy(Float32Array.of(1, 2), [2])),
    /shape \[2\]; expected items along the first of at least 2/,
  );
  t.regex(await message(writeNpy(Int32Array.of(1, 2), [2, 1, 1])), /i4 \[2,1,1\]; images are u1/);
  t.regex(await message(npy('|u1', [2, 2, 2, 2], new Uint8Array(16))), /bytes \[2,2,2,2\]; images are/);
});

test('a value that is not finite is found when its item is read', async t => {
  const set = await openData(pair(writeNpy(Float32Array.of(1, 2, 3, Number.NaN), [2, 2])), 'd/x.npy');
  t.is((await set.item(0)).label, 4);
  t.is((await failed(set.item(1))).message, 'd/x.npy#1: element 1 is NaN');
});

test('a negative token id is no token', async t => {
  const set = await openData(pair(writeNpy(Int32Array.of(1, -1), [2, 1])), 'd/x.npy');
  t.is((await failed(set.item(1))).message, 'd/x.npy#1: element 0 is -1, no token id');
});

test('the labels of x.npy are y.npy, others are given', async t => {
  const x = writeNpy(Float32Array.of(1, 2), [2, 1]);
  t.is((await openData(memoryFiles({ 'x_val.npy': x, './y_val.npy': y }), 'x_val.npy')).size, 2);
  const files = memoryFiles({ 'a/features.npy': x, 'b/l.npy': y });
  t.regex(
    (await failed(openData(files, 'a/features.npy'))).message,
    /its name has no x to find the labels as y/,
  );
  t.is((await openData(files, 'a/features.npy', { labels: 'b/l.npy' })).size, 2);
});

test('token ids in an archive may have a mask and segments, and nothing else is passed over', async t => {
  const ids = (values: number[]): Uint8Array => writeNpy(Int32Array.from(values), [2, 2]);
  const archive = { 'x.npy': ids([4, 5, 6, 0]), 'y.npy': writeNpy(Int32Array.of(0, 1), [2]) };
  const open = (more: Readonly<Record<string, Uint8Array>>) =>
    openData(memoryFiles({ 'a.npz': zip({ ...archive, ...more }) }), 'a.npz');
  const { mask, types } = await (
    await open({ 'mask.npy': ids([1, 1, 1, 0]), 'types.npy': ids([0, 1, 0, 0]) })
  ).item(1);
  t.deepEqual([mask, types], [Uint8Array.of(1, 0), Int32Array.of(0, 0)]);
  t.regex(
    (await failed(open({ 'attention.npy': ids([1, 1, 1, 1]) }))).message,
    /array attention is not known here/,
  );
  t.regex(
    (await failed(open({ 'mask.npy': writeNpy(Int32Array.of(1, 1), [2]) }))).message,
    /with mask \[2\]: token ids alone have one, of their shape/,
  );
});
