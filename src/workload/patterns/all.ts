/** All patterns of attention reuse of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { pattern as continuous } from './continuous.ts';
import { pattern as pyramid } from './pyramid.ts';
import { pattern as strided } from './strided.ts';

/** All patterns of attention reuse, by their files. */
// biome-ignore format: one pattern a line
export const REUSE_PATTERNS = [
  continuous,
  pyramid,
  strided,
] as const;
