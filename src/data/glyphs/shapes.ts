/** The twelve glyphs as strokes: polylines in a square from -1 to 1, y downwards. Our own drawing, no typeface. */
import { cos, sin } from '../../base/math.ts';

/** Points x0, y0, x1, y1, ... that a pen joins. */
export type Stroke = readonly number[];

export interface Shape {
  readonly name: string;
  readonly strokes: readonly Stroke[];
}

/** Segments of a full circle. */
const CIRCLE_STEPS = 16;

/**
 * Classes by label. Neighbours in form on purpose (ring and arch, bolt and snake, tee and fork): no single pixel tells
 * them apart. None is another one turned by the angles that are drawn.
 */
export const SHAPES: readonly Shape[] = [
  { name: 'ring', strokes: [arc(0, 0, 0.85, 0, 360)] },
  { name: 'arch', strokes: [[-0.7, 0.9, ...arc(0, -0.15, 0.7, 180, 360), 0.7, 0.9]] },
  { name: 'triangle', strokes: [[0, -0.9, 0.85, 0.75, -0.85, 0.75, 0, -0.9]] },
  { name: 'square', strokes: [[-0.75, -0.75, 0.75, -0.75, 0.75, 0.75, -0.75, 0.75, -0.75, -0.75]] },
  {
    name: 'cross',
    strokes: [
      [-0.8, -0.8, 0.8, 0.8],
      [0.8, -0.8, -0.8, 0.8],
    ],
  },
  {
    name: 'tee',
    strokes: [
      [-0.8, -0.8, 0.8, -0.8],
      [0, -0.8, 0, 0.9],
    ],
  },
  {
    name: 'fork',
    strokes: [
      [-0.75, -0.9, 0, 0, 0.75, -0.9],
      [0, 0, 0, 0.95],
    ],
  },
  { name: 'bolt', strokes: [[-0.75, -0.8, 0.75, -0.8, -0.75, 0.8, 0.75, 0.8]] },
  { name: 'snake', strokes: [[...arc(0, -0.45, 0.5, -30, -270), ...arc(0, 0.45, 0.5, -90, 150)]] },
  { name: 'corner', strokes: [[-0.65, -0.9, -0.65, 0.8, 0.75, 0.8]] },
  {
    name: 'ladder',
    strokes: [
      [-0.65, -0.9, -0.65, 0.9],
      [0.65, -0.9, 0.65, 0.9],
      [-0.65, 0, 0.65, 0],
    ],
  },
  {
    name: 'arrow',
    strokes: [
      [0, 0.95, 0, -0.9],
      [-0.6, -0.25, 0, -0.9, 0.6, -0.25],
    ],
  },
];

/** Points of an arc around (x, y) between two angles, degrees, clockwise on the screen when they grow. */
function arc(x: number, y: number, radius: number, from: number, to: number): number[] {
  const steps = Math.ceil((Math.abs(to - from) * CIRCLE_STEPS) / 360);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + radius * cos(angle), y + radius * sin(angle)];
  }).flat();
}
