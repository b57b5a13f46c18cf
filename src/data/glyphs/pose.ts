/** How a form is put into an image: turned, scaled, stretched, sheared and moved within a square. */
import { cos, sin } from '../../base/math.ts';
import type { RandomStream } from '../../base/random.ts';
import type { Stroke } from './shapes.ts';

/** What makes a form hard to recognise; lengths are shares of the image's side, angles degrees. */
export interface PoseRange {
  /** Largest turn to either side. */
  readonly turn: number;
  /** Half of a form's height, least and most. */
  readonly scale: readonly [number, number];
  /** Width over height, least; the most is its inverse. */
  readonly aspect: number;
  /** Largest shear to either side. */
  readonly shear: number;
  /** How far a point of a stroke is off its place, of half the height. */
  readonly wobble: number;
}

/** Where a form may be: a square of an image of `size` pixels. */
export interface Cell {
  /** The image's side, which lengths are shares of. */
  readonly size: number;
  /** Pixels. */
  readonly centre: readonly [x: number, y: number];
  readonly side: number;
}

/** A random turn, scale, aspect, shear and place such that the whole square of the form is near the cell. */
export function pose(
  random: RandomStream,
  { size, centre, side }: Cell,
  range: PoseRange,
): (stroke: Stroke) => number[] {
  const angle = (between(random, -range.turn, range.turn) * Math.PI) / 180;
  const half = size * between(random, ...range.scale);
  const aspect = between(random, range.aspect, 1 / range.aspect);
  const shear = between(random, -range.shear, range.shear);
  const room = side / 2 - half;
  const [cx, cy] = [between(random, -room, room), between(random, -room, room)];
  const [across, along] = [cos(angle), sin(angle)];
  const off = (): number => between(random, -range.wobble, range.wobble);
  return stroke => {
    const points: number[] = [];
    for (let p = 0; p < stroke.length; p += 2) {
      const y = stroke[p + 1] + off();
      const x = (stroke[p] + off()) * aspect + shear * y;
      points.push(
        centre[0] + cx + half * (across * x - along * y),
        centre[1] + cy + half * (along * x + across * y),
      );
    }
    return points;
  };
}

export const between = (random: RandomStream, least: number, most: number): number =>
  least + (most - least) * random();
