/** A grey canvas with a round pen: the ink of a pixel is the share of it that a stroke covers, by distance. */
import type { Stroke } from './shapes.ts';

/** Ink from 0 to 1 per pixel, [size, size] row-major; the centre of the first pixel is (0.5, 0.5). */
export interface Canvas {
  readonly size: number;
  readonly ink: Float64Array;
}

/** A pen stroke: points in pixels. */
export interface PenStroke {
  readonly points: Stroke;
  /** Pixels. */
  readonly width: number;
  /** Ink in the middle of the stroke, 0 to 1. */
  readonly strength: number;
}

/** Without ink, [size, size]. */
export const emptyCanvas = (size: number): Canvas => ({ size, ink: new Float64Array(size * size) });

/** Where strokes cross, the darker one counts: ink does not add up. */
export function drawStroke({ size, ink }: Canvas, { points, width, strength }: PenStroke): void {
  const halfWidth = width / 2 + 0.5;
  for (let p = 0; p + 3 < points.length; p += 2) {
    const segment = points.slice(p, p + 4);
    const [x0, y0, x1, y1] = segment;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - halfWidth));
    const right = Math.min(size - 1, Math.ceil(Math.max(x0, x1) + halfWidth));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - halfWidth));
    const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, y1) + halfWidth));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const away = distance(x + 0.5, y + 0.5, segment);
        const covered = Math.min(1, Math.max(0, halfWidth - away)) * strength;
        const i = y * size + x;
        if (covered > ink[i]) ink[i] = covered;
      }
    }
  }
}

/** From a point to a segment. */
function distance(x: number, y: number, [x0, y0, x1, y1]: readonly number[]): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length2;
  const t = Math.min(1, Math.max(0, along));
  const [ex, ey] = [x - x0 - t * dx, y - y0 - t * dy];
  return Math.sqrt(ex * ex + ey * ey);
}
