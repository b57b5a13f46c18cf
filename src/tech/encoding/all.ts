/** All weight encodings of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { encoding as differential } from './differential.ts';
import { encoding as offset } from './offset.ts';
import { encoding as referenceColumn } from './reference-column.ts';

/** All weight encodings, by their files. */
// biome-ignore format: one encoding a line
export const ENCODINGS = {
  differential,
  offset,
  'reference-column': referenceColumn,
} as const;
