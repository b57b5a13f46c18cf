/** All kinds of blocks of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { block as grid } from './grid.ts';
import { block as latinHypercube } from './latin-hypercube.ts';
import { block as random } from './random.ts';
import { block as sobol } from './sobol.ts';
import { block as zip } from './zip.ts';

/** All kinds of blocks, by their files. */
// biome-ignore format: one block a line
export const BLOCK_KINDS = [
  grid,
  zip,
  latinHypercube,
  random,
  sobol,
] as const;
