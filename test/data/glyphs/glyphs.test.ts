import test from 'ava';
import { type Difficulty, difficulty, drawGlyphs } from '../../../src/data/glyphs/glyphs.ts';
import type { ImageSet } from '../../../src/data/glyphs/image-set.ts';
import { SHAPES } from '../../../src/data/glyphs/shapes.ts';
import { failure } from '../../arch/fixtures.ts';
import { accuracyOf, type Labelled, leastSquares, logistic, predict, standardized } from '../linear.ts';

const CLASSES = SHAPES.length;

const features = ({ images, labels, size }: ImageSet): Labelled => ({
  x: Float64Array.from(images, byte => byte / 255),
  labels,
  features: size * size,
});

const imageOf = ({ images, size }: ImageSet, i: number): string =>
  images.subarray(i * size * size, (i + 1) * size * size).join();

test('an image depends on its seed, split and place alone', t => {
  const few = drawGlyphs({ count: 30, seed: 5, split: 'train' });
  const many = drawGlyphs({ count: 50, seed: 5, split: 'train' });
  t.deepEqual(few.images, many.images.subarray(0, few.images.length));
  t.deepEqual(few.labels, many.labels.subarray(0, 30));
  t.notDeepEqual(few.images, drawGlyphs({ count: 30, seed: 6, split: 'train' }).images);
});

test('twelve images in a row have each class once', t => {
  const { labels, classes } = drawGlyphs({ count: 130, seed: 1, split: 'train' });
  t.is(classes.length, 12);
  for (let from = 0; from < 120; from += CLASSES) {
    t.deepEqual(
      [...labels.subarray(from, from + CLASSES)].sort((a, b) => a - b),
      classes.map((_, i) => i),
    );
  }
  // The order differs from run to run: the place says nothing of the class.
  t.true(new Set(Array.from({ length: 10 }, (_, run) => labels[run * CLASSES])).size > 3);
});

test('no image of the test set is in the training set', t => {
  const train = drawGlyphs({ count: 1200, seed: 1, split: 'train' });
  const held = drawGlyphs({ count: 240, seed: 1, split: 'test' });
  const seen = new Set(Array.from({ length: 1200 }, (_, i) => imageOf(train, i)));
  t.is(seen.size, 1200);
  t.false(Array.from({ length: 240 }, (_, i) => seen.has(imageOf(held, i))).includes(true));
});

test('linear classifiers stay below 60 %', t => {
  const [train, held] = standardized(
    features(drawGlyphs({ count: 3000, seed: 1, split: 'train' })),
    features(drawGlyphs({ count: 600, seed: 1, split: 'test' })),
  );
  const score = (weights: Float64Array, set: Labelled): number =>
    accuracyOf(predict(weights, set, CLASSES), set.labels);
  for (const weights of [leastSquares(train, CLASSES, 300), logistic(train, CLASSES, 40)]) {
    t.true(score(weights, held) > 2 / CLASSES, `${score(weights, held)}: a classifier that learned nothing`);
    t.true(score(weights, held) < 0.6, `${score(weights, held)}`);
  }
});

test('without turns, moves, clutter and noise the same classifier tells the glyphs apart', t => {
  const plain: Difficulty = {
    turn: 0,
    scale: [0.5, 0.5],
    aspect: 1,
    shear: 0,
    wobble: 0,
    pen: [0.08, 0.08],
    clutter: [0, 0],
    clutterLength: [0.1, 0.1],
    contrast: [0.7, 0.8],
    noise: [0.05, 0.05],
  };
  const at = (split: 'train' | 'test') =>
    features(drawGlyphs({ count: 240, seed: 1, split, size: 16, difficulty: plain }));
  const [train, held] = standardized(at('train'), at('test'));
  t.true(accuracyOf(predict(leastSquares(train, CLASSES, 1000), held, CLASSES), held.labels) > 0.95);
});

test('pixels use the range, and clutter adds ink', t => {
  const ink = (clutter: readonly [number, number]): number => {
    const { images } = drawGlyphs({
      count: 120,
      seed: 2,
      split: 'train',
      difficulty: { ...difficulty, clutter },
    });
    t.true(Math.max(...images) > 200 && Math.min(...images) < 20);
    return images.reduce((sum, byte) => sum + byte, 0);
  };
  t.true(ink([4, 4]) > 1.05 * ink([0, 0]));
});

test('counts and sizes out of range are refused', t => {
  const draw = (count: number, size: number) =>
    failure(() => drawGlyphs({ count, size, seed: 1, split: 'train' }));
  t.is(draw(0, 20).message, 'glyphs: 0 images of train: expected a whole number from 1 to 1048576');
  t.regex(draw(10, 4).message, /4 pixels of a side: expected a whole number from 12 to 128/);
  t.is(draw(1.5, 20).exitCode, 2);
});
