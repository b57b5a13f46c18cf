/** All networks on chip of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { kind as htree } from './htree.ts';
import { kind as ideal } from './ideal.ts';
import { kind as mesh } from './mesh.ts';

/** All networks on chip, by their files. */
// biome-ignore format: one kind a line
export const NOC_KINDS = [
  htree,
  ideal,
  mesh,
] as const;
