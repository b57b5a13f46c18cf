/** All kinds of axes of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { axis as list } from './list.ts';
import { axis as log } from './log.ts';
import { axis as range } from './range.ts';

/** All kinds of axes, by their files. */
// biome-ignore format: one axis a line
export const AXIS_KINDS = [
  list,
  log,
  range,
] as const;
