/** JPEG and PNG files become pixels, or one message that names the file. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../src/base/errors.ts';
import { decodeImage } from '../../src/data/decode-image.ts';
import { opaque, type Pixels } from '../../src/data/pixels.ts';
import { GREY_SQUARES, JPEG, plainPng, png, SQUARES } from './image-files.ts';
import { failed } from './memory-files.ts';

const at = ({ width, channels, data }: Pixels, x: number, y: number): number[] =>
  Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels));

/** Samples in the middles of the four squares. */
const squares = (pixels: Pixels): number[][] => [8, 24].flatMap(y => [8, 24].map(x => at(pixels, x, y)));

const near = (got: readonly number[], expected: readonly number[], most: number): boolean =>
  got.length === expected.length && got.every((value, i) => Math.abs(value - expected[i]) <= most);

for (const kind of ['baseline', 'progressive', 'rgb'] as const) {
  test(`a ${kind} JPEG has the colours that were written, within 2 of 255`, async t => {
    const pixels = await decodeImage('x.jpg', JPEG[kind]);
    t.deepEqual([pixels.width, pixels.height, pixels.channels], [32, 32, 3]);
    squares(pixels).forEach((color, i) => {
      t.true(near(color, SQUARES[i], 2), `square ${i}: ${color}`);
    });
  });
}

test('a grey JPEG with restart markers has one channel', async t => {
  const pixels = await decodeImage('x.jpg', JPEG.grey);
  t.deepEqual([pixels.width, pixels.height, pixels.channels], [32, 32, 1]);
  t.true(near(squares(pixels).flat(), GREY_SQUARES, 1));
});

test('the EXIF orientation does not turn the image', async t => {
  // Orientation 6 (turn by 90 degrees) in a TIFF of one entry, as APP1 after the start of the image.
  const exif = [0xff, 0xe1, 0, 34, ...[...'Exif\0\0MM\0*'].map(c => c.charCodeAt(0)), 0, 0, 0, 8, 0, 1];
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const turned = Uint8Array.from([
    ...JPEG.baseline.slice(0, 2),
    ...exif,
    ...entry,
    ...JPEG.baseline.slice(2),
  ]);
  t.deepEqual(await decodeImage('x.jpg', turned), await decodeImage('x.jpg', JPEG.baseline));
});

test('a CMYK JPEG is refused by its colours', async t => {
  t.deepEqual(await failed(decodeImage('val/x.JPEG', JPEG.cmyk)), {
    message: 'val/x.JPEG: CMYK or YCCK JPEG: convert it to RGB first',
    exitCode: 3,
  });
});

/** Where the frame header of the baseline file begins: FF C0. */
const frame = JPEG.baseline.findIndex((byte, i) => byte === 0xff && JPEG.baseline[i + 1] === 0xc0);

const changed = (bytes: Uint8Array, from: number, values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, from);
  return copy;
};

test('JPEGs that can not be decoded say why', async t => {
  const cases: [bytes: Uint8Array, reason: RegExp][] = [
    [changed(JPEG.baseline, frame + 1, [0xc3]), /lossless JPEG/],
    [changed(JPEG.baseline, frame + 1, [0xc9]), /arithmetic-coded JPEG/],
    [changed(JPEG.baseline, frame + 1, [0xc5]), /hierarchical JPEG/],
    [changed(JPEG.baseline, frame + 4, [12]), /12 bits per sample/],
    [changed(JPEG.baseline, frame + 5, [0, 0]), /JPEG of 32 x 0 pixels/],
    [changed(JPEG.baseline, frame + 5, [0xff, 0xff, 0xff, 0xff]), /65535 x 65535 pixels, more than 67108864/],
    [changed(JPEG.baseline, frame + 5, [0x10, 0, 0x10, 0]), /305 bytes cannot hold a JPEG of 4096 x 4096/],
    [JPEG.baseline.slice(0, -2), /truncated JPEG: it has no end-of-image marker/],
    [JPEG.baseline.slice(0, frame + 8), /truncated JPEG: it ends inside its header/],
    [JPEG.baseline.slice(0, 3), /truncated JPEG: it ends before the image data/],
  ];
  for (const [bytes, reason] of cases) {
    const { message, exitCode } = await failed(decodeImage('x.jpg', bytes));
    t.regex(message, reason);
    t.true(message.startsWith('x.jpg: '));
    t.is(exitCode, 3);
  }
});

test('what is neither JPEG nor PNG is refused by what it is', async t => {
  const reason = async (text: string) =>
    (await failed(decodeImage('x', Buffer.from(text, 'latin1')))).message;
  t.is(await reason('GIF89a...'), 'x: a GIF image; JPEG and PNG can be read');
  t.is(await reason('RIFF....WEBPVP8 '), 'x: a WebP image; JPEG and PNG can be read');
  t.is(await reason('<html>'), 'x: not an image; JPEG and PNG can be read');
  t.is(await reason(''), 'x: an empty file');
});

test('a PNG is read whatever the file is called', async t => {
  t.deepEqual(at(await decodeImage('n02105855_2933.JPEG', plainPng(3, 2, [1, 2, 3])), 2, 1), [1, 2, 3]);
});

test('the five row filters of a PNG are undone', async t => {
  // Filters 0 to 4 over grey rows of 3; by hand: sub 5 5+1 6+1; up +1; average of left and above; Paeth.
  const rows = [...[0, 10, 20, 30], ...[1, 5, 1, 1], ...[2, 1, 1, 1], ...[3, 1, 1, 1], ...[4, 1, 1, 1]];
  const { data } = await decodeImage('x.png', png({ width: 3, height: 5, colorType: 0 }, rows));
  t.deepEqual(Array.from(data), [10, 20, 30, 5, 6, 7, 6, 7, 8, 4, 6, 8, 5, 7, 9]);
});

test('an interlaced PNG has the pixels of the plain one', async t => {
  // 3 x 2 pixels 0..5: passes 1 (0,0), 5 nothing, 4 (2,0), 6 (1,0), 7 the second row.
  const rows = [0, 0, 0, 2, 0, 1, 0, 3, 4, 5];
  const { data } = await decodeImage(
    'x.png',
    png({ width: 3, height: 2, colorType: 0, interlaced: true }, rows),
  );
  t.deepEqual(Array.from(data), [0, 1, 2, 3, 4, 5]);
});

test('samples of 1, 2 and 4 bits are scaled to 0..255, of 16 bits the high byte is kept', async t => {
  const grey = async (depth: number, row: readonly number[]) =>
    Array.from((await decodeImage('x', png({ width: 3, height: 1, depth, colorType: 0 }, [0, ...row]))).data);
  t.deepEqual(await grey(1, [0b1010_0000]), [255, 0, 255]);
  t.deepEqual(await grey(2, [0b0001_1100]), [0, 85, 255]);
  t.deepEqual(await grey(4, [0x1f, 0x80]), [17, 255, 136]);
  t.deepEqual(await grey(16, [1, 255, 128, 0, 255, 255]), [1, 128, 255]);
});

test('a palette becomes colours, with the alpha of its entries', async t => {
  const spec = { width: 3, height: 1, depth: 2, colorType: 3, palette: [1, 2, 3, 40, 50, 60, 7, 8, 9] };
  t.deepEqual(
    Array.from((await decodeImage('x', png(spec, [0, 0b0110_0000]))).data),
    [40, 50, 60, 7, 8, 9, 1, 2, 3],
  );
  const clear = await decodeImage('x', png({ ...spec, transparency: [255, 100] }, [0, 0b0110_0000]));
  t.deepEqual(Array.from(clear.data), [40, 50, 60, 100, 7, 8, 9, 255, 1, 2, 3, 255]);
  const { message } = await failed(decodeImage('x', png(spec, [0, 0b1100_0000])));
  t.is(message, 'x: damaged PNG: its palette has no entry 3');
});

test('the one transparent colour of a PNG has alpha 0', async t => {
  const spec = { width: 2, height: 1, transparency: [0, 1, 0, 2, 0, 3] };
  const { data, channels } = await decodeImage('x', png(spec, [0, 1, 2, 3, 1, 2, 4]));
  t.is(channels, 4);
  t.deepEqual(Array.from(data), [1, 2, 3, 0, 1, 2, 4, 255]);
});

test('alpha is dropped, or laid over a background', async t => {
  const pixels = await decodeImage('x', plainPng(1, 1, [200, 100, 0, 51]));
  t.deepEqual(Array.from(opaque(pixels).data), [200, 100, 0]);
  // 51 / 255 = 1/5 of the colour and 4/5 of the background.
  t.deepEqual(Array.from(opaque(pixels, 255).data), [244, 224, 204]);
  t.deepEqual(Array.from(opaque(pixels, 0).data), [40, 20, 0]);
  t.deepEqual(Array.from(opaque(await decodeImage('x', plainPng(1, 1, [200, 51])), 100).data), [120]);
});

test('PNGs that can not be decoded say why', async t => {
  const good = plainPng(4, 4, [1, 2, 3]);
  const header = (from: number, values: readonly number[]) => changed(good, 16 + from, values);
  const cases: [bytes: Uint8Array, reason: RegExp][] = [
    [good.slice(0, 20), /truncated PNG/],
    [good.slice(0, -12), /truncated PNG: it ends before its IEND chunk/],
    [good.slice(0, -20), /truncated PNG: it ends inside a chunk/],
    [header(0, [0x7f, 0xff, 0xff, 0xff]), /checksum of its IHDR chunk/],
    [changed(good, good.length - 25, [0x55]), /checksum of its IDAT chunk/],
    [png({ width: 2 ** 31, height: 1 }, [0, 1, 2, 3]), /PNG of 2147483648 x 1 pixels/],
    [png({ width: 0, height: 1 }, []), /PNG of 0 x 1 pixels/],
    [png({ width: 1, height: 1, depth: 3 }, [0, 1, 2, 3]), /colour type 2 with 3 bits/],
    [png({ width: 1, height: 1, colorType: 3 }, [0, 0]), /a palette of 0 bytes/],
    [png({ width: 1, height: 1 }, [0, 1, 2]), /3 bytes of rows, 4 expected/],
    [png({ width: 1, height: 1 }, [0, 1, 2, 3, 4]), /more than the 4 bytes that it declares/],
    [
      png(
        { width: 1, height: 1 },
        Array.from({ length: 1e5 }, () => 0),
      ),
      /more than the 4 bytes/,
    ],
    [png({ width: 1, height: 1 }, [5, 1, 2, 3]), /row filter 5/],
  ];
  for (const [bytes, reason] of cases) {
    const { message, exitCode } = await failed(decodeImage('x.png', bytes));
    t.regex(message, reason);
    t.is(exitCode, 3);
  }
});

test('a header that declares 60 million pixels takes no memory for them', async t => {
  const before = process.memoryUsage().arrayBuffers;
  await failed(decodeImage('x.png', png({ width: 60_000, height: 1000 }, [0, 1, 2, 3])));
  t.true(process.memoryUsage().arrayBuffers - before < 2 ** 24);
});

test('damaged bytes end in pixels or in a message, never in another error', async t => {
  const files = [JPEG.baseline, JPEG.progressive, JPEG.grey, plainPng(5, 4, [1, 2, 3, 4])];
  const damage = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(),
    byte: fc.nat(255),
    cut: fc.option(fc.nat(), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, at: where, byte, cut }) => {
      const bytes = changed(file, where % file.length, [byte]);
      const cutAt = cut === undefined ? bytes.length : cut % bytes.length;
      await decodeImage('x', bytes.slice(0, cutAt)).catch(error => {
        if (!(error instanceof TrexError)) throw error;
      });
    }),
    { numRuns: 300 },
  );
  t.is(files.length, 4);
});
