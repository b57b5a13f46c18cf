/** All weight encodings of this folder. Written by scripts/law-index.mjs: `npm run build` brings it up to date. */
import { encoding as differential } from './differential.ts';
import { encoding as offset } from './offset.ts';

// biome-ignore format: one a line
export const ENCODINGS = {
  differential,
  offset,
} as const;
