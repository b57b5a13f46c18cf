/** All attention variants of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { attention as doublyNormalised } from './doubly-normalised.ts';
import { attention as none } from './none.ts';
import { attention as sigmoid } from './sigmoid.ts';
import { attention as softmax } from './softmax.ts';

/** All attention variants, by their files. */
// biome-ignore format: one attention a line
export const ATTENTION = [
  doublyNormalised,
  none,
  sigmoid,
  softmax,
] as const;
