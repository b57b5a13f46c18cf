/** Glyphs: small grey images of twelve pen-drawn forms, turned, scaled, moved, cluttered and noisy, from a seed. */

import type { RandomStream } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';
import { type Canvas, drawStroke } from './canvas.ts';
import { drawClutter, drawnPen, type PenRange } from './clutter.ts';
import { drawingImages, type Finish, type ImageSet, type ImageSetOptions } from './image-set.ts';
import { between, type PoseRange, pose } from './pose.ts';
import { SHAPES } from './shapes.ts';

/** What makes the task hard. */
export type Difficulty = PoseRange & PenRange;

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

export interface GlyphOptions extends ImageSetOptions {
  readonly difficulty?: Difficulty;
}

/** Labels are places in SHAPES. @throws TrexError (usage) for a count or size out of range. */
export const drawGlyphs = (options: GlyphOptions): ImageSet => finished(drawingGlyphs(options));

/** The same, image by image. @throws TrexError as `drawGlyphs` */
export const drawingGlyphs = ({
  difficulty: hard = difficulty,
  ...options
}: GlyphOptions): Generator<void, ImageSet> =>
  drawingImages(
    {
      name: 'glyphs',
      classes: SHAPES.map(shape => shape.name),
      leastSize: 12,
      draw: (canvas, label, random) => drawGlyph(canvas, label, random, hard),
    },
    options,
  );

function drawGlyph(canvas: Canvas, label: number, random: RandomStream, hard: Difficulty): Finish {
  const { size } = canvas;
  const background = between(random, 0, 0.25);
  const pen = drawnPen(random, size, hard);
  const toPixels = pose(random, { size, centre: [size / 2, size / 2], side: size }, hard);
  for (const stroke of SHAPES[label].strokes) drawStroke(canvas, { points: toPixels(stroke), ...pen });
  drawClutter(canvas, random, hard);
  return { background, sigma: between(random, ...hard.noise) };
}
