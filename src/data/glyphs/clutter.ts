/** The pen of an image, and short strokes that belong to nothing. */
import { cos, sin } from '../../base/math.ts';
import type { RandomStream } from '../../base/random.ts';
import { type Canvas, drawStroke } from './canvas.ts';
import { between } from './pose.ts';

/** Lengths are shares of the image's side. */
export interface PenRange {
  /** Width of the pen, least and most. */
  readonly pen: readonly [number, number];
  /** Ink of a form over the background, least and most. */
  readonly contrast: readonly [number, number];
  /** Strokes that belong to nothing, least and most, and their length; they are drawn with the pen of the forms. */
  readonly clutter: readonly [number, number];
  readonly clutterLength: readonly [number, number];
  /** Standard deviation of a pixel's noise, least and most, full scale 1. */
  readonly noise: readonly [number, number];
}

/** A pen for one form: pixels, and ink. */
export const drawnPen = (random: RandomStream, size: number, { pen, contrast }: PenRange) => ({
  width: size * between(random, ...pen),
  strength: between(random, ...contrast),
});

/** Draws as many strokes as the range says. */
export function drawClutter(canvas: Canvas, random: RandomStream, range: PenRange): void {
  const strokes = Math.floor(between(random, range.clutter[0], range.clutter[1] + 1));
  for (let n = 0; n < strokes; n++) {
    const points = straightStroke(random, canvas.size, range.clutterLength);
    drawStroke(canvas, { points, ...drawnPen(random, canvas.size, range) });
  }
}

/** Anywhere in an image of `size` pixels. */
function straightStroke(random: RandomStream, size: number, length: readonly [number, number]): number[] {
  const [x, y] = [between(random, 0, size), between(random, 0, size)];
  const angle = between(random, 0, 2 * Math.PI);
  const half = (size * between(random, ...length)) / 2;
  const [dx, dy] = [half * cos(angle), half * sin(angle)];
  return [x - dx, y - dy, x + dx, y + dy];
}
