import test from 'ava';
import { idxSet } from '../../src/data/formats/idx.ts';
import { writeIdx } from '../../src/data/idx-writer.ts';
import { memoryFiles } from './memory-files.ts';

test('what is written is read again', async t => {
  const files = memoryFiles({
    'd/train-images-idx3-ubyte': writeIdx(Uint8Array.of(0, 51, 102, 255, 1, 2, 3, 4), [2, 2, 2]),
    'd/train-labels-idx1-ubyte': writeIdx(Uint8Array.of(3, 0), [2]),
  });
  const set = await idxSet(files, 'd/train-images-idx3-ubyte', { channels: 1, normalization: 'none' });
  t.is(set.size, 2);
  const { input, shape, label } = await set.item(0);
  t.deepEqual(
    [...input],
    [0, 51, 102, 255].map(v => Math.fround(v / 255)),
  );
  t.deepEqual([shape, label], [[1, 2, 2], 3]);
});

test('a header is big-endian: type, dimensions, sizes', t => {
  t.deepEqual([...writeIdx(new Uint8Array(258), [258]).subarray(0, 8)], [0, 0, 8, 1, 0, 0, 1, 2]);
});

test('data that do not fill the array are refused', t => {
  t.throws(() => writeIdx(new Uint8Array(5), [2, 3]), { message: /5 bytes do not make an array 2 x 3/ });
});
