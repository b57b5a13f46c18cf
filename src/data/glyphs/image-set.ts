/** What sets of drawn images have in common: their form, balanced labels, ranges of their sizes, and bytes from ink. */
import { usageError } from '../../base/errors.ts';
import { gaussianStream, type RandomStream, uniformStream } from '../../base/random.ts';
import { type Canvas, emptyCanvas } from './canvas.ts';

/** A set that is drawn from a seed. */
export interface ImageSetOptions {
  /** Images of the set. */
  readonly count: number;
  /** Side of an image, pixels; default 20, which patches of 4 cut into 5 x 5. */
  readonly size?: number;
  readonly seed: number | string;
  /** Sets of different names have nothing in common. */
  readonly split: 'train' | 'test';
}

/** Images [count, size, size], bytes, and labels below `classes.length`. */
export interface ImageSet {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly size: number;
  readonly classes: readonly string[];
}

/** What an image is made of, behind its ink. */
export interface Finish {
  /** Grey level, 0 to 1. */
  readonly background: number;
  /** Standard deviation of a pixel's noise, full scale 1. */
  readonly sigma: number;
}

/** How a task draws one image. */
export interface ImageTask {
  /** Names its streams of random numbers and stands in its errors. */
  readonly name: string;
  readonly classes: readonly string[];
  /** The least side of an image, pixels. */
  readonly leastSize: number;
  /** Draws the ink of an image of a class. */
  readonly draw: (canvas: Canvas, label: number, random: RandomStream) => Finish;
}

const DEFAULT_SIZE = 20;
const MOST = { size: 128, images: 2 ** 20 } as const;

/**
 * Image by image. Image i depends on seed, split and i alone, so a smaller set is the beginning of a larger one; every
 * run of as many images as there are classes has each class once. @throws TrexError (usage) for a count or size out of range.
 */
export function* drawingImages(
  { name, classes, leastSize, draw }: ImageTask,
  { count, seed, split, size = DEFAULT_SIZE }: ImageSetOptions,
): Generator<void, ImageSet> {
  check(name, `images of ${split}`, count, [1, MOST.images]);
  check(name, 'pixels of a side', size, [leastSize, MOST.size]);
  const labels = labelsOf(count, classes.length, run =>
    uniformStream(seed, `data/${name}/labels`, split, run),
  );
  const images = new Uint8Array(count * size * size);
  for (let i = 0; i < count; i++) {
    const canvas = emptyCanvas(size);
    const finish = draw(canvas, labels[i], uniformStream(seed, `data/${name}/pose`, split, i));
    const noise = gaussianStream(seed, `data/${name}/noise`, split, i);
    images.set(toBytes(canvas, finish, noise), i * size * size);
    yield;
  }
  return { images, labels, size, classes };
}

function toBytes({ ink }: Canvas, { background, sigma }: Finish, gaussian: RandomStream): Uint8Array {
  return Uint8Array.from(ink, value => {
    const level = background + (1 - background) * value + sigma * gaussian();
    return Math.round(255 * Math.min(1, Math.max(0, level)));
  });
}

/** Every run of all classes in an order of its own. */
function labelsOf(count: number, classes: number, streamOf: (run: number) => RandomStream): Uint8Array {
  const labels = new Uint8Array(count);
  for (let run = 0; run * classes < count; run++) {
    const order = shuffled(
      Array.from({ length: classes }, (_, label) => label),
      streamOf(run),
    );
    const from = run * classes;
    labels.set(order.slice(0, Math.min(classes, count - from)), from);
  }
  return labels;
}

/** The list itself in an order that is drawn (Fisher and Yates). */
function shuffled<T>(list: T[], random: RandomStream): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

function check(task: string, what: string, value: number, [least, most]: readonly [number, number]): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw usageError(`${task}: ${value} ${what}: expected a whole number from ${least} to ${most}`);
}
