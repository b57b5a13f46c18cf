import test from 'ava';
import type { ImageSet } from '../../../src/data/glyphs/image-set.ts';
import { drawScenes } from '../../../src/data/glyphs/scenes.ts';
import { linearAccuracy } from '../../../studies/reproduce/linear.ts';
import { nearestAccuracy } from '../../../studies/tasks/nearest.ts';
import { failure } from '../../arch/fixtures.ts';

const pixels = ({ images, labels }: ImageSet) => ({
  inputs: Float32Array.from(images, byte => byte / 255),
  labels: Int32Array.from(labels),
});

test('a scene depends on its seed, split and place alone', t => {
  const few = drawScenes({ count: 30, seed: 5, split: 'train' });
  const many = drawScenes({ count: 50, seed: 5, split: 'train' });
  t.deepEqual(few.images, many.images.subarray(0, few.images.length));
  t.deepEqual(few.labels, many.labels.subarray(0, 30));
  for (const other of [{ seed: 6 }, { split: 'test' as const }])
    t.notDeepEqual(few.images, drawScenes({ count: 30, seed: 5, split: 'train', ...other }).images);
});

test('six scenes in a row have each class once', t => {
  const { labels, classes } = drawScenes({ count: 60, seed: 1, split: 'train' });
  t.is(classes.length, 6);
  for (let from = 0; from < 60; from += 6)
    t.deepEqual([...labels.subarray(from, from + 6)].toSorted(), [0, 1, 2, 3, 4, 5]);
});

test('neither the most similar image nor a plane through the pixels tells the odd form', t => {
  const train = pixels(drawScenes({ count: 3000, seed: 1, split: 'train' }));
  const held = pixels(drawScenes({ count: 300, seed: 1, split: 'test' }));
  const [nearest, linear] = [nearestAccuracy(train, held), linearAccuracy(train, held, 6, 1)];
  t.true(nearest < 0.55, `nearest neighbour: ${nearest}`);
  t.true(linear < 0.3, `linear: ${linear}`);
});

test('of scenes: counts and sizes out of range are refused', t => {
  const draw = (count: number, size: number) =>
    failure(() => drawScenes({ count, size, seed: 1, split: 'train' }));
  t.is(draw(0, 20).message, 'scenes: 0 images of train: expected a whole number from 1 to 1048576');
  t.regex(draw(10, 12).message, /12 pixels of a side: expected a whole number from 16 to 128/);
});
