/** IDX files: MNIST and its family, and headers that lie. */
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { idxSet } from '../../../src/data/formats/idx.ts';
import { failed, memoryFiles } from '../memory-files.ts';

/** A file of unsigned bytes with the given dimensions in its header. */
const idx = (dims: readonly number[], data: readonly number[], type = 8): Uint8Array => {
  const sizes = dims.flatMap(n => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Uint8Array.from([0, 0, type, dims.length, ...sizes, ...data]);
};

const images = idx([3, 2, 2], [0, 255, 10, 20, 1, 2, 3, 4, 5, 6, 7, 8]);
const labels = idx([3], [7, 0, 9]);
const levels = { channels: 1, normalization: { mean: [0], std: [1 / 255] } } as const;
const IMAGES = 'mnist/t10k-images-idx3-ubyte';
const LABELS = 'mnist/t10k-labels-idx1-ubyte';

test('images and the labels beside them', async t => {
  const set = await idxSet(memoryFiles({ [IMAGES]: images, [LABELS]: labels }), IMAGES, levels);
  t.deepEqual([set.size, set.kind, set.classes], [3, 'image', 10]);
  const { input, shape, label, name } = await set.item(2);
  t.deepEqual(Array.from(input, Math.round), [5, 6, 7, 8]);
  t.deepEqual([shape, label, name], [[1, 2, 2], 9, 't10k-images-idx3-ubyte#2']);
});

test('gzip files are read as the plain ones', async t => {
  const files = memoryFiles({ [`${IMAGES}.gz`]: gzipSync(images), [`${LABELS}.gz`]: gzipSync(labels) });
  const set = await idxSet(files, `${IMAGES}.gz`, levels);
  t.deepEqual(Array.from((await set.item(0)).input, Math.round), [0, 255, 10, 20]);
});

test('digits are repeated and stretched for a colour network', async t => {
  const set = await idxSet(memoryFiles({ [IMAGES]: images, [LABELS]: labels }), IMAGES, { size: 4 });
  t.deepEqual((await set.item(0)).shape, [3, 4, 4]);
});

test('a header that declares 2^31 images is refused before memory is taken', async t => {
  const liar = idx([2 ** 31, 28, 28], []);
  for (const [path, content] of [
    [IMAGES, liar],
    [`${IMAGES}.gz`, gzipSync(liar)],
  ] as const) {
    const { message, exitCode } = await failed(
      idxSet(memoryFiles({ [path]: content, [LABELS]: labels }), path),
    );
    t.is(message, `${path}: its header declares 2147483648 x 28 x 28 bytes, more than 1073741824`);
    t.is(exitCode, 3);
  }
});

test('a gzip file that unpacks to more than its header declares is stopped', async t => {
  const bomb = gzipSync(Uint8Array.from([...idx([1, 2, 2], []), ...new Uint8Array(10 ** 6)]));
  const files = memoryFiles({ [`${IMAGES}.gz`]: bomb, [LABELS]: labels });
  t.is(
    (await failed(idxSet(files, `${IMAGES}.gz`))).message,
    `${IMAGES}.gz: more than the 20 bytes that it declares`,
  );
});

test('damaged files say why', async t => {
  const zipped = gzipSync(images);
  const broken = zipped.slice();
  broken[broken.length - 6] ^= 1;
  const cases: [content: Uint8Array, reason: RegExp][] = [
    [images.slice(0, -1), /27 bytes, its header declares 28/],
    [images.slice(0, 9), /truncated or damaged IDX header \(3 dimensions\)/],
    [images.slice(0, 2), /not an IDX file/],
    [new TextEncoder().encode('<html></html>'), /not an IDX file/],
    [idx([1, 1, 1], [0], 13), /IDX of 32-bit floats; unsigned bytes can be read/],
    [idx([4], [1, 2, 3, 4]), /1 dimensions; images have 3/],
    [idx([0, 2, 2], []), /0 images of 2 x 2 pixels/],
    [idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), /3 labels for 2 images/],
    [zipped.slice(0, 20), /damaged or truncated gzip data/],
    [broken, /damaged or truncated gzip data/],
  ];
  for (const [content, reason] of cases) {
    const { message, exitCode } = await failed(
      idxSet(memoryFiles({ [IMAGES]: content, [LABELS]: labels }), IMAGES),
    );
    t.regex(message, reason);
    t.is(exitCode, 3);
  }
});

test('labels are looked for by name, or given', async t => {
  const alone = memoryFiles({ [IMAGES]: images });
  t.deepEqual(await failed(idxSet(alone, IMAGES)), {
    message: 'mnist: no file called t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz',
    exitCode: 4,
  });
  const other = memoryFiles({ 'a/pictures.idx': images, 'b/numbers': labels });
  t.regex((await failed(idxSet(other, 'a/pictures.idx'))).message, /'images' is not in its name/);
  t.is((await idxSet(other, 'a/pictures.idx', { labels: 'b/numbers' })).size, 3);
});

test('a label beyond the classes is refused by its index', async t => {
  const files = memoryFiles({ [IMAGES]: images, [LABELS]: labels });
  const { message } = await failed(idxSet(files, IMAGES, { classes: ['zero', 'one'] }));
  t.is(message, `${LABELS}#0: label 7: expected an integer from 0 to 1`);
});
