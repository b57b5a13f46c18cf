/** All metrics of studies of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { metric as accuracy } from './accuracy.ts';
import { metric as mvm } from './mvm.ts';
import { metric as run } from './run.ts';
import { metric as xbar } from './xbar.ts';

/** All metrics of studies, by their files. */
// biome-ignore format: one metric a line
export const METRICS = {
  accuracy,
  mvm,
  run,
  xbar,
} as const;
