/** .npz archives: stored and deflated arrays, checked, and bounded before memory is taken. */
import test from 'ava';
import { crc32 } from '../../../src/base/crc32.ts';
import { TrexError } from '../../../src/base/errors.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';
import { npzTensors, parseNpz } from '../../../src/workload/import/npz.ts';
import { timmVit, tinyVit, written } from './checkpoints.ts';
import { zip } from './zip-files.ts';

const x = writeNpy(Float32Array.of(1, 2, 3), [3]);
const y = writeNpy(Int32Array.of(7, 8), [2]);
const zeros = writeNpy(new Float32Array(50_000), [50_000]);

test('the checksum of "123456789" is CBF43926, the check value of CRC-32', t => {
  t.is(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
});

test('stored, deflated and numpy.savez arrays are read by their names', async t => {
  const arrays = await parseNpz(
    zip([
      { name: 'x.npy', content: x },
      { name: 'y.npy', content: y, method: 8 },
      { name: 'z.npy', content: x, zip64Local: true },
    ]),
  );
  t.deepEqual([...arrays.keys()], ['x', 'y', 'z']);
  t.deepEqual(arrays.get('x')!.data, Float32Array.of(1, 2, 3));
  t.deepEqual(arrays.get('y')!.data, Int32Array.of(7, 8));
  t.deepEqual(arrays.get('z')!.data, Float32Array.of(1, 2, 3));
});

test('an archive with a comment is found by its end record', async t => {
  const arrays = await parseNpz(zip([{ name: 'x.npy', content: x }], { comment: 'made by a test' }));
  t.is(arrays.size, 1);
});

test('a deflated array of 200 kB that fills 0.3 kB is read', async t => {
  const arrays = await parseNpz(zip([{ name: 'x.npy', content: zeros, method: 8 }]));
  t.is(arrays.get('x')!.data.length, 50_000);
});

test('a whole checkpoint as .npz is a checkpoint', async t => {
  const members = [...written(timmVit)].map(([name, tensor]) => ({
    name: `${name}.npy`,
    content: writeNpy((tensor as { data: Float32Array }).data, tensor.shape),
  }));
  const tensors = npzTensors(await parseNpz(zip(members)));
  const { layout, warnings } = loadWeights(tensors, buildGraph(tinyVit()));
  t.deepEqual([layout, warnings], ['timm', []]);
});

const good = zip([{ name: 'x.npy', content: x, method: 8 }]);
const damaged = good.slice();
damaged[45] ^= 0xff;

const refused: [string, Uint8Array, RegExp][] = [
  ['an empty file', new Uint8Array(), /not a zip archive, or truncated/],
  ['a file without end record', good.slice(0, -22), /not a zip archive, or truncated/],
  [
    'a directory that is shorter than it says',
    zip([{ name: 'x.npy', content: x }], { count: 2 }),
    /file 2 of 2/,
  ],
  [
    'zip64 sizes',
    zip([{ name: 'x.npy', content: x, lie: { size: 0xffffffff } }]),
    /zip64 archives are not supported/,
  ],
  [
    'zip64 counts',
    zip([{ name: 'x.npy', content: x }], { count: 0xffff }),
    /zip64 archives are not supported/,
  ],
  ['a wrong checksum', zip([{ name: 'x.npy', content: x, lie: { crc: 1 } }]), /x.npy: its checksum is wrong/],
  ['damaged deflate data', damaged, /x.npy: (its deflated data is broken|its checksum is wrong|unpacks to)/],
  ['encryption', zip([{ name: 'x.npy', content: x, lie: { flags: 1 } }]), /x.npy is encrypted/],
  [
    'bzip2',
    zip([{ name: 'x.npy', content: x, method: 12 }]),
    /compression method 12; known: 0 \(stored\), 8/,
  ],
  [
    'a name that is there twice',
    zip([
      { name: 'x.npy', content: x },
      { name: 'x.npy', content: y },
    ]),
    /there twice/,
  ],
  ['something that is no array', zip([{ name: 'readme.txt', content: x }]), /readme.txt is not a .npy array/],
  [
    'a broken array',
    zip([{ name: 'x.npy', content: x.slice(0, -1) }]),
    /x.npy: 11 bytes of data, but f4 \[3\]/,
  ],
  [
    'a local header elsewhere',
    zip([{ name: 'x.npy', content: x, lie: { offset: 7 } }]),
    /not where the directory says/,
  ],
  ['a local header beyond the file', zip([{ name: 'x.npy', content: x, lie: { offset: 1e6 } }]), /not where/],
  [
    'packed bytes beyond the file',
    zip([{ name: 'x.npy', content: x, lie: { compressed: 1e6, size: 1e6 } }]),
    /overlap|truncated/,
  ],
  [
    'a stored file of two sizes',
    zip([{ name: 'x.npy', content: x, lie: { size: 5 } }]),
    /stored in \d+ bytes, but its size is 5/,
  ],
  [
    'more output than declared',
    zip([{ name: 'x.npy', content: zeros, method: 8, lie: { size: 100 } }]),
    /unpacks to more than the 100 bytes that it declares/,
  ],
  [
    'less output than declared',
    zip([{ name: 'x.npy', content: x, method: 8, lie: { size: x.length + 9 } }]),
    /unpacks to 140 bytes, but declares 149/,
  ],
  [
    'a size that no deflate data can have',
    zip([{ name: 'x.npy', content: x, method: 8, lie: { size: 3e7 } }]),
    /bytes cannot unpack to 30000000/,
  ],
  [
    'a size that no data packs to',
    zip([{ name: 'x.npy', content: x, method: 8, lie: { size: 3e9 } }]),
    /bytes unpack to 3000000000, .*: more than 64 times is no data/,
  ],
];

for (const [what, bytes, message] of refused)
  test(`npz refused: ${what}`, async t => {
    const error = await t.throwsAsync(() => parseNpz(bytes, 'x.npz'), { instanceOf: TrexError, message });
    t.is(error.exitCode, 3);
    t.true(error.message.startsWith('x.npz: '));
  });

test('files that share their bytes are refused', async t => {
  const shared = zip([
    { name: 'a.npy', content: zeros, method: 8 },
    { name: 'b.npy', content: x, method: 0, lie: { offset: 0, compressed: 10_000 } },
  ]);
  await t.throwsAsync(() => parseNpz(shared, 'x.npz'), { instanceOf: TrexError });
});

test('the limit counts all arrays before any is unpacked', async t => {
  const two = zip([
    { name: 'a.npy', content: zeros, method: 8 },
    { name: 'b.npy', content: zeros, method: 8 },
  ]);
  const size = 2 * zeros.length;
  t.is((await parseNpz(two, 'x.npz', { limitBytes: size })).size, 2);
  await t.throwsAsync(() => parseNpz(two, 'x.npz', { limitBytes: size - 1 }), {
    message: `x.npz: unpacks to ${size} bytes, more than the limit of ${size - 1}`,
  });
});
