/** All attention variants of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { attention as doublyNormalised } from './doubly-normalised.ts';
import { attention as fastmax } from './fastmax.ts';
import { attention as kronecker } from './kronecker.ts';
import { attention as none } from './none.ts';
import { attention as sigmoid } from './sigmoid.ts';
import { attention as skip } from './skip.ts';
import { attention as softmax } from './softmax.ts';
import { attention as sparse } from './sparse.ts';
import { attention as talkingHeads } from './talking-heads.ts';

/** All attention variants, by their files. */
// biome-ignore format: one attention a line
export const ATTENTION = [
  doublyNormalised,
  fastmax,
  kronecker,
  none,
  sigmoid,
  skip,
  softmax,
  sparse,
  talkingHeads,
] as const;
