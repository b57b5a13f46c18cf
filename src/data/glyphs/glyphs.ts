/** Glyphs: small grey images of twelve pen-drawn forms, turned, scaled, moved, cluttered and noisy, from a seed. */

import { usageError } from '../../base/errors.ts';
import { cos, sin } from '../../base/math.ts';
import { gaussianStream, type RandomStream, uniformStream } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';
import { type Canvas, drawStroke, emptyCanvas } from './canvas.ts';
import { SHAPES, type Stroke } from './shapes.ts';

/** What makes the task hard; lengths are shares of the image's side, angles degrees. */
export interface Difficulty {
  /** Largest turn to either side. */
  readonly turn: number;
  /** Half of a glyph's height, least and most. */
  readonly scale: readonly [number, number];
  /** Width over height, least; the most is its inverse. */
  readonly aspect: number;
  /** Largest shear to either side. */
  readonly shear: number;
  /** How far a point of a stroke is off its place, of half the height. */
  readonly wobble: number;
  /** Width of the pen, least and most. */
  readonly pen: readonly [number, number];
  /** Strokes that belong to nothing, least and most, and their length. */
  readonly clutter: readonly [number, number];
  readonly clutterLength: readonly [number, number];
  /** Ink of the glyph over the background, least and most; clutter is drawn with the same range. */
  readonly contrast: readonly [number, number];
  /** Standard deviation of a pixel's noise, least and most, full scale 1. */
  readonly noise: readonly [number, number];
}

/** Hard enough that no linear classifier reaches 60 %, and so that a ViT of 9 encoders passes 95 % within minutes on two cores. */
export const difficulty: Difficulty = {
  turn: 15,
  scale: [0.26, 0.4],
  aspect: 0.8,
  shear: 0.2,
  wobble: 0.06,
  pen: [0.06, 0.1],
  clutter: [0, 1],
  clutterLength: [0.12, 0.25],
  contrast: [0.5, 0.85],
  noise: [0.02, 0.06],
};

export interface GlyphOptions {
  /** Images of the set. */
  readonly count: number;
  /** Side of an image, pixels; default 20, which patches of 4 cut into 5 x 5. */
  readonly size?: number;
  readonly seed: number | string;
  /** Sets of different names have nothing in common. */
  readonly split: 'train' | 'test';
  readonly difficulty?: Difficulty;
}

/** Images [count, size, size], bytes, and labels below `classes.length`. */
export interface GlyphSet {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly size: number;
  readonly classes: readonly string[];
}

const SIZES = { default: 20, least: 12, most: 128 } as const;
const MOST_IMAGES = 2 ** 20;

/**
 * Image i depends on seed, split and i alone, so a smaller set is the beginning of a larger one. Every run of twelve
 * images has each class once. @throws TrexError (usage) for a count or size out of range.
 */
export const drawGlyphs = (options: GlyphOptions): GlyphSet => finished(drawingGlyphs(options));

/** The same, image by image. @throws TrexError as `drawGlyphs` */
export function* drawingGlyphs(options: GlyphOptions): Generator<void, GlyphSet> {
  const { count, seed, split, size = SIZES.default, difficulty: hard = difficulty } = options;
  check(`images of ${split}`, count, 1, MOST_IMAGES);
  check('pixels of a side', size, SIZES.least, SIZES.most);
  const labels = labelsOf(count, seed, split);
  const images = new Uint8Array(count * size * size);
  for (let i = 0; i < count; i++) {
    images.set(drawGlyph(labels[i], size, hard, [seed, split, i]), i * size * size);
    yield;
  }
  return { images, labels, size, classes: SHAPES.map(shape => shape.name) };
}

type Place = readonly [seed: number | string, split: string, index: number];

function drawGlyph(label: number, size: number, hard: Difficulty, [seed, split, i]: Place): Uint8Array {
  const random = uniformStream(seed, 'data/glyphs/pose', split, i);
  const background = between(random, 0, 0.25);
  const pen = (): number => size * between(random, ...hard.pen);
  const strength = (): number => between(random, ...hard.contrast);
  const canvas = emptyCanvas(size);
  const [width, ink] = [pen(), strength()];
  const toPixels = pose(random, size, hard);
  for (const stroke of SHAPES[label].strokes) {
    drawStroke(canvas, { points: toPixels(stroke), width, strength: ink });
  }
  const strokes = Math.floor(between(random, hard.clutter[0], hard.clutter[1] + 1));
  for (let n = 0; n < strokes; n++) {
    const points = clutter(random, size, hard);
    drawStroke(canvas, { points, width: pen(), strength: strength() });
  }
  const sigma = between(random, ...hard.noise);
  return toBytes(canvas, background, sigma, gaussianStream(seed, 'data/glyphs/noise', split, i));
}

/** A random turn, scale, aspect, shear and place such that the whole square of the glyph is near the image. */
function pose(random: RandomStream, size: number, hard: Difficulty): (stroke: Stroke) => number[] {
  const angle = (between(random, -hard.turn, hard.turn) * Math.PI) / 180;
  const half = size * between(random, ...hard.scale);
  const aspect = between(random, hard.aspect, 1 / hard.aspect);
  const shear = between(random, -hard.shear, hard.shear);
  const room = size / 2 - half;
  const [cx, cy] = [between(random, -room, room), between(random, -room, room)];
  const [across, along] = [cos(angle), sin(angle)];
  const off = (): number => between(random, -hard.wobble, hard.wobble);
  return stroke => {
    const points: number[] = [];
    for (let p = 0; p < stroke.length; p += 2) {
      const y = stroke[p + 1] + off();
      const x = (stroke[p] + off()) * aspect + shear * y;
      points.push(
        size / 2 + cx + half * (across * x - along * y),
        size / 2 + cy + half * (along * x + across * y),
      );
    }
    return points;
  };
}

/** A short straight stroke anywhere. */
function clutter(random: RandomStream, size: number, hard: Difficulty): number[] {
  const [x, y] = [between(random, 0, size), between(random, 0, size)];
  const angle = between(random, 0, 2 * Math.PI);
  const half = (size * between(random, ...hard.clutterLength)) / 2;
  const [dx, dy] = [half * cos(angle), half * sin(angle)];
  return [x - dx, y - dy, x + dx, y + dy];
}

function toBytes({ ink }: Canvas, background: number, sigma: number, gaussian: RandomStream): Uint8Array {
  return Uint8Array.from(ink, value => {
    const level = background + (1 - background) * value + sigma * gaussian();
    return Math.round(255 * Math.min(1, Math.max(0, level)));
  });
}

/** Every run of all classes in an order of its own. */
function labelsOf(count: number, seed: number | string, split: string): Uint8Array {
  const labels = new Uint8Array(count);
  for (let run = 0; run * SHAPES.length < count; run++) {
    const random = uniformStream(seed, 'data/glyphs/labels', split, run);
    const order = SHAPES.map((_, label) => label);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    const from = run * SHAPES.length;
    labels.set(order.slice(0, Math.min(SHAPES.length, count - from)), from);
  }
  return labels;
}

const between = (random: RandomStream, least: number, most: number): number =>
  least + (most - least) * random();

function check(what: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw usageError(`glyphs: ${value} ${what}: expected a whole number from ${least} to ${most}`);
}
