/** All rules that prune tokens of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { pruningRule as classAttention } from './class-attention.ts';
import { pruningRule as dynamicVit } from './dynamic-vit.ts';
import { pruningRule as halting } from './halting.ts';
import { pruningRule as headPredictors } from './head-predictors.ts';

/** All rules that prune tokens, by their files. */
// biome-ignore format: one pruningRule a line
export const PRUNING_RULES = [
  classAttention,
  dynamicVit,
  halting,
  headPredictors,
] as const;
