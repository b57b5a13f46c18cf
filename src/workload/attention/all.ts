/** All attention variants of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { attention as cascadedGroup } from './cascaded-group.ts';
import { attention as sharedMap } from './shared-map.ts';
import { attention as sigmoid } from './sigmoid.ts';
import { attention as softmax } from './softmax.ts';

/** All attention variants, by their files. */
// biome-ignore format: one attention a line
export const ATTENTION = [
  cascadedGroup,
  sharedMap,
  sigmoid,
  softmax,
] as const;
