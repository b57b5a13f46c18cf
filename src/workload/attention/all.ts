/** All attention variants of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { attention as additive } from './additive.ts';
import { attention as angularBinary } from './angular-binary.ts';
import { attention as angularHash } from './angular-hash.ts';
import { attention as cascadedGroup } from './cascaded-group.ts';
import { attention as causal } from './causal.ts';
import { attention as doublyNormalised } from './doubly-normalised.ts';
import { attention as fastmax } from './fastmax.ts';
import { attention as focusedLinear } from './focused-linear.ts';
import { attention as kronecker } from './kronecker.ts';
import { attention as linear } from './linear.ts';
import { attention as multiScaleLinear } from './multi-scale-linear.ts';
import { attention as none } from './none.ts';
import { attention as sharedMap } from './shared-map.ts';
import { attention as sigmoid } from './sigmoid.ts';
import { attention as skip } from './skip.ts';
import { attention as softmax } from './softmax.ts';
import { attention as sparse } from './sparse.ts';
import { attention as spatialReduction } from './spatial-reduction.ts';
import { attention as talkingHeads } from './talking-heads.ts';
import { attention as window } from './window.ts';

/** All attention variants, by their files. */
// biome-ignore format: one attention a line
export const ATTENTION = [
  additive,
  angularBinary,
  angularHash,
  cascadedGroup,
  causal,
  doublyNormalised,
  fastmax,
  focusedLinear,
  kronecker,
  linear,
  multiScaleLinear,
  none,
  sharedMap,
  sigmoid,
  skip,
  softmax,
  sparse,
  spatialReduction,
  talkingHeads,
  window,
] as const;
