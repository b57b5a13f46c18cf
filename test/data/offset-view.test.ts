/** Every reader of bytes takes a view into a larger buffer, and leaves it as it was. */
import { deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import type { DataFiles } from '../../src/data/data-files.ts';
import { decodeImage } from '../../src/data/decode-image.ts';
import { openData } from '../../src/data/open-data.ts';
import { parseNpy } from '../../src/workload/import/npy.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { parseNpz } from '../../src/workload/import/npz.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { offsetView } from '../offset-view.ts';
import { zip } from '../workload/import/zip-files.ts';
import { JPEG, plainPng } from './image-files.ts';
import { memoryFiles } from './memory-files.ts';

/** The header of a .npy of version 1. */
function npy(descr: string, fortran: boolean, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }\n`;
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length,
    0,
    ...text,
    ...data,
  ]);
}

const eight = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0);
const arrays: Readonly<Record<string, Uint8Array>> = {
  f4: writeNpy(Float32Array.of(1.5, -2), [2]),
  i4: writeNpy(Int32Array.of(7, -8), [2]),
  u1: npy('|u1', false, '8,', eight),
  big: npy('>i2', false, '4,', eight),
  i8: npy('<i8', false, '1,', eight),
  fortran: npy('<u2', true, '2, 2', eight),
};

for (const [name, bytes] of Object.entries(arrays))
  test(`.npy ${name} from the middle of a buffer`, async t => {
    const view = offsetView(bytes);
    t.deepEqual(parseNpy(view), parseNpy(bytes));
    t.deepEqual([...view], [...bytes], 'what was given is as it was');
    for (const method of [0, 8]) {
      const archive = zip([{ name: 'x.npy', content: bytes, method }]);
      t.deepEqual(await parseNpz(offsetView(archive)), await parseNpz(archive));
    }
  });

test('safetensors of every kind of alignment from the middle of a buffer', t => {
  const wide = { shape: [2], data: Float32Array.of(0.5, 3) };
  const short = { dtype: 'F16', shape: [1], bytes: Uint8Array.of(0x00, 0x3c) };
  for (const tensors of [
    new Map<string, typeof wide | typeof short>([
      ['a', wide],
      ['b', short],
    ]),
    new Map<string, typeof wide | typeof short>([
      ['b', short],
      ['a', wide],
    ]),
  ]) {
    const bytes = writeSafetensors(tensors);
    for (const source of [bytes, offsetView(bytes), Buffer.from(bytes)]) {
      const read = parseSafetensors(source).tensors;
      t.deepEqual(read.get('a')!.data(), wide.data);
      t.deepEqual((read.get('a')!.view ?? read.get('a')!.data)(1), Float32Array.of(3));
      t.deepEqual(read.get('b')!.data(), Float32Array.of(1));
    }
  }
});

test('images from the middle of a buffer', async t => {
  for (const bytes of [plainPng(3, 2, [9, 80, 200]), JPEG.baseline, JPEG.progressive, JPEG.grey, JPEG.rgb])
    t.deepEqual(await decodeImage('x', offsetView(bytes)), await decodeImage('x', bytes));
});

const idx = (dims: readonly number[], data: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap(n => [0, 0, 0, n]), ...data]);

const stored = {
  'mnist/t10k-images-idx3-ubyte': idx([2, 1, 2], [1, 2, 3, 4]),
  'mnist/t10k-labels-idx1-ubyte': idx([2], [7, 0]),
  'zipped/t10k-images-idx3-ubyte.gz': gzipSync(idx([2, 1, 2], [1, 2, 3, 4])),
  'zipped/t10k-labels-idx1-ubyte.gz': gzipSync(idx([2], [7, 0])),
  'a.bin': Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? 3 : i % 251)),
  'np/x.npy': npy('|u1', false, '2, 2, 2', eight),
  'np/y.npy': writeNpy(Int32Array.of(0, 1), [2]),
  'x.npz': zip([
    { name: 'x.npy', content: npy('<i4', false, '2, 1', eight), method: 8 },
    { name: 'y.npy', content: writeNpy(Int32Array.of(0, 1), [2]) },
  ]),
  'val/cat/a.png': plainPng(4, 4, [9, 9, 9]),
  'text/dev.tsv': new TextEncoder().encode('a\t1\t\tcat dog\n'),
  'text/vocab.txt': new TextEncoder().encode('[PAD]\n[UNK]\n[CLS]\n[SEP]\ncat\ndog\n'),
};

const viewed = (files: DataFiles): DataFiles => ({
  ...files,
  read: async (path, most) => offsetView(await files.read(path, most)),
});

for (const path of ['mnist', 'zipped', 'a.bin', 'np/x.npy', 'x.npz', 'val', 'text/dev.tsv'])
  test(`data from files that are views: ${path}`, async t => {
    const [plain, view] = await Promise.all(
      [memoryFiles(stored), viewed(memoryFiles(stored))].map(files => openData(files, path)),
    );
    for (let i = 0; i < plain.size; i++) t.deepEqual(await view.item(i), await plain.item(i));
  });

test('a zlib stream of a view is inflated', async t => {
  const { decompress } = await import('../../src/data/decompress.ts');
  const packed = deflateSync(eight);
  t.deepEqual([...(await decompress('x', offsetView(packed), 'deflate', () => 8))], [...eight]);
});
