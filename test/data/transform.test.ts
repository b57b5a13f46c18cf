/** The evaluation transform: sizes, crop, normalisation, channels. */
import test from 'ava';
import type { Pixels } from '../../src/data/pixels.ts';
import { evaluation, stretch } from '../../src/data/transform.ts';
import { failure } from '../arch/fixtures.ts';

const f = Math.fround;

const image = (width: number, height: number, value: (x: number, y: number) => readonly number[]): Pixels => {
  const pixels = Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
  return { width, height, channels: pixels[0].length, data: Uint8Array.from(pixels.flat()) };
};

const levels = { normalization: { mean: [0], std: [1 / 255] } } as const;

test('the shorter side becomes 256 pixels and the middle 224 are kept', t => {
  // 256 x 300 pixels are not resized; the crop begins at (16, 38).
  const pixels = image(256, 300, (x, y) => [x % 256, y % 256, 0]);
  const { input, shape } = evaluation(levels)(pixels);
  t.deepEqual(shape, [3, 224, 224]);
  const at = (c: number, x: number, y: number) => Math.round(input[(c * 224 + y) * 224 + x]);
  t.deepEqual([at(0, 0, 0), at(1, 0, 0)], [16, 38]);
  t.deepEqual([at(0, 223, 223), at(1, 223, 223)], [239, 261 % 256]);
});

test('an odd margin is halved to the even pixel', t => {
  const first = (width: number) => {
    const { input } = evaluation({ ...levels, size: 4, resize: { shorter: 4 } })(
      image(width, 4, x => [x, 0, 0]),
    );
    return Math.round(input[0]);
  };
  // Margins 1, 3, 5, 7: Python rounds 0.5, 1.5, 2.5, 3.5 to 0, 2, 2, 4.
  t.deepEqual([5, 7, 9, 11].map(first), [0, 2, 2, 4]);
});

test('the longer side is cut off to whole pixels', t => {
  // 10 x 14 to 8 x 11.2 = 11, crop from round(1.5) = 2: its centre 2.5 lies in row floor(2.5 x 14 / 11) = 3.
  const { input, shape } = evaluation({ ...levels, size: 8, resize: { shorter: 8 }, filter: 'nearest' })(
    image(10, 14, (_, y) => [y, 0, 0]),
  );
  t.deepEqual([shape, Math.round(input[0])], [[3, 8, 8], 3]);
});

test('samples are divided by 255, less the mean, over the deviation, each step in float32', t => {
  const { input } = stretch()(image(1, 1, () => [255, 0, 124]));
  t.deepEqual(Array.from(input), [
    f(f(1 - f(0.485)) / f(0.229)),
    f(f(0 - f(0.456)) / f(0.224)),
    f(f(f(124 / 255) - f(0.406)) / f(0.225)),
  ]);
});

test('planes stand one after another', t => {
  const { input, shape } = stretch(levels)(image(2, 1, x => [10 + x, 20 + x, 30 + x]));
  t.deepEqual(Array.from(input, Math.round), [10, 11, 20, 21, 30, 31]);
  t.deepEqual(shape, [3, 1, 2]);
});

test('grey is repeated for a colour network, and colour becomes luma for a grey one', t => {
  t.deepEqual(Array.from(stretch(levels)(image(1, 1, () => [90])).input, Math.round), [90, 90, 90]);
  const luma = stretch({ ...levels, channels: 1 })(image(1, 1, () => [200, 30, 40]));
  // 0.299 x 200 + 0.587 x 30 + 0.114 x 40 = 81.97
  t.deepEqual([luma.shape, Math.round(luma.input[0])], [[1, 1, 1], 82]);
});

test('one channel is brought to -1..1 unless asked otherwise', t => {
  const { input } = stretch({ channels: 1 })(image(2, 1, x => [255 * x]));
  t.deepEqual(Array.from(input), [-1, 1]);
});

test('small images are stretched to the input', t => {
  const { input, shape } = stretch({ ...levels, size: 4, filter: 'nearest' })(image(2, 1, x => [x]));
  t.deepEqual(shape, [3, 4, 4]);
  t.deepEqual(Array.from(input.subarray(0, 8), Math.round), [0, 0, 1, 1, 0, 0, 1, 1]);
});

test('options out of range are refused', t => {
  const message = (action: () => unknown) => failure(action).message;
  t.is(
    message(() => evaluation({ resize: { to: [224, 0] } })),
    'resize: expected 1 to 4096 pixels, got 0',
  );
  t.is(
    message(() => evaluation({ size: 0 })),
    'size: expected 1 to 4096 pixels, got 0',
  );
  t.is(
    message(() => stretch({ channels: 4 })),
    'channels: images have 1 or 3, got 4',
  );
  t.is(
    message(() => stretch({ normalization: 'imagnet' as 'imagenet' })),
    "unknown normalization 'imagnet': did you mean imagenet?",
  );
  t.regex(
    message(() => stretch({ normalization: { mean: [0, 1], std: [1] } })),
    /1 or 3 finite numbers for mean/,
  );
  t.regex(
    message(() => stretch({ normalization: { mean: [0], std: [0] } })),
    /std must be positive/,
  );
});
