/** Resizing is Pillow's: cases by hand, values printed by Pillow, and laws. */
import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import type { OpaquePixels } from '../../src/data/pixels.ts';
import { FILTERS, type Filter, resize } from '../../src/data/resample.ts';

const grey = (width: number, height: number, data: ArrayLike<number>): OpaquePixels => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from(data),
});

const row = (values: readonly number[], width: number, filter: Filter): number[] =>
  Array.from(resize(grey(values.length, 1, values), width, 1, filter).data);

test('shrinking by 2 widens the bilinear filter to 4 pixels', t => {
  // Output 0 is centred between pixels 0 and 1: weights 3/4, 3/4, 1/4 over their sum 7/4.
  t.deepEqual(row([0, 70, 140, 210], 2, 'bilinear'), [50, 160]);
});

test('bicubic enlargement overshoots with a = -1/2', t => {
  // Weights at 1/4, 5/4: 0.8671875, -0.0703125; at 1/4, 3/4: 0.8671875, 0.2265625; each over their sum.
  t.deepEqual(row([100, 200], 4, 'bicubic'), [91, 121, 179, 209]);
});

test('overshoot is clipped to 0..255', t => {
  t.deepEqual(
    row([0, 255], 4, 'bicubic').filter((_, i) => i === 0 || i === 3),
    [0, 255],
  );
});

test('nearest takes the pixel under the centre', t => {
  t.deepEqual(row([1, 2, 3, 4, 5], 3, 'nearest'), [1, 3, 5]);
  t.deepEqual(row([1, 2], 5, 'nearest'), [1, 1, 2, 2, 2]);
});

test('each pass is rounded to 8 bits, as Pillow 12.3 does', t => {
  const data = Array.from({ length: 63 }, (_, i) => ((i % 9) ** 2 * 37 + Math.floor(i / 9) * 91) % 256);
  const resized = (width: number, height: number, filter: Filter) =>
    Array.from(resize(grey(9, 7, data), width, height, filter).data);
  t.deepEqual(
    resized(5, 4, 'bicubic'),
    [67, 148, 140, 126, 86, 139, 112, 75, 158, 167, 114, 95, 114, 118, 119, 132, 116, 86, 158, 95],
  );
  t.deepEqual(
    resized(12, 3, 'bicubic'),
    [
      73, 93, 140, 173, 105, 91, 133, 186, 134, 100, 110, 142, 97, 125, 124, 92, 94, 96, 97, 108, 149, 131,
      130, 153, 115, 144, 141, 103, 91, 89, 98, 121, 166, 157, 110, 67,
    ],
  );
  t.deepEqual(
    resized(5, 4, 'bilinear'),
    [73, 143, 132, 123, 93, 134, 114, 81, 155, 163, 114, 98, 115, 122, 120, 126, 118, 93, 149, 98],
  );
  t.deepEqual(
    resized(12, 3, 'nearest'),
    [
      91, 128, 128, 239, 168, 171, 171, 248, 143, 112, 112, 155, 17, 54, 54, 165, 94, 97, 97, 174, 69, 38, 38,
      81, 199, 236, 236, 91, 20, 23, 23, 100, 251, 220, 220, 7,
    ],
  );
});

test('whole pictures are those of Pillow 12.3, filter by filter', t => {
  const data = new Uint8Array(211 * 157 * 3);
  for (let y = 0; y < 211; y++)
    for (let x = 0; x < 157; x++)
      for (let c = 0; c < 3; c++)
        data[(y * 157 + x) * 3 + c] = (x * x * 7 + y * 13 + c * 91 + x * y * 3) % 256;
  const hash = (width: number, height: number, filter: Filter): string => {
    const resized = resize({ width: 157, height: 211, channels: 3, data }, width, height, filter);
    return createHash('sha256').update(resized.data).digest('hex').slice(0, 16);
  };
  const pillow: Readonly<Record<Filter, readonly string[]>> = {
    nearest: ['0bd32ce0a71a8c5f', 'd38af11fc8d7935d', '1ed97bf23146ff16'],
    lanczos: ['d66bf2775abbcf70', '43d86389a916c20f', '23f5b87e39f46c48'],
    bilinear: ['b938f9f3a390f8a5', 'c446ea5050242511', 'ea8d127749d6ac55'],
    bicubic: ['a8b0c91c6613f2b6', '19b810859178ce47', 'a82def6f66a4d223'],
    box: ['f2140a1d4960374b', '2ba6a1c4699efd69', '8abb536cff0fafc5'],
    hamming: ['cda8e18e160be895', 'c22db0d0ec06dd24', '8ecc702ba8571e2f'],
  };
  for (const filter of FILTERS)
    t.deepEqual([hash(64, 64, filter), hash(201, 97, filter), hash(31, 300, filter)], pillow[filter], filter);
});

test('a window is cut from the whole result', t => {
  const data = Array.from({ length: 20 * 13 }, (_, i) => (i * 71) % 256);
  const image = grey(20, 13, data);
  for (const filter of FILTERS) {
    const whole = resize(image, 9, 31, filter).data;
    const part = resize(image, 9, 31, filter, { left: 2, top: 7, width: 5, height: 11 }).data;
    const cut = Array.from({ length: 55 }, (_, i) => whole[(7 + Math.floor(i / 5)) * 9 + 2 + (i % 5)]);
    t.deepEqual(Array.from(part), cut);
  }
});

const side = fc.integer({ min: 1, max: 24 });
const filters = fc.constantFrom<Filter>(...FILTERS);

test('an image of one colour keeps it at every size', t => {
  fc.assert(
    fc.property(side, side, side, side, filters, fc.nat(255), (w, h, toW, toH, filter, value) => {
      const { data } = resize(grey(w, h, new Uint8Array(w * h).fill(value)), toW, toH, filter);
      return data.length === toW * toH && data.every(sample => sample === value);
    }),
  );
  t.deepEqual(row([7, 7, 7], 2, 'bicubic'), [7, 7]);
});

test('its own size leaves an image as it is', t => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), filters, (data, filter) => {
      t.deepEqual(resize(grey(4, 3, data), 4, 3, filter).data, data);
    }),
  );
});

test('channels do not mix', t => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 90, maxLength: 90 }),
      side,
      side,
      filters,
      (data, w, h, filter) => {
        const mixed = resize({ width: 6, height: 5, channels: 3, data }, w, h, filter).data;
        for (let c = 0; c < 3; c++) {
          const plane = data.filter((_, i) => i % 3 === c);
          t.deepEqual(
            mixed.filter((_, i) => i % 3 === c),
            resize(grey(6, 5, plane), w, h, filter).data,
          );
        }
      },
    ),
  );
});

test('a strip of a million pixels costs only its window', t => {
  const strip = grey(1, 2 ** 20, new Uint8Array(2 ** 20).fill(9));
  const window = { left: 16, top: 2 ** 27, width: 224, height: 224 };
  const { data } = resize(strip, 256, 2 ** 28, 'bicubic', window);
  t.deepEqual([data.length, data[0]], [224 * 224, 9]);
});
