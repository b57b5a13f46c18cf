/** All kinds of layers of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { layer as activation } from './activation.ts';
import { layer as attention } from './attention.ts';
import { layer as block } from './block.ts';
import { layer as conv } from './conv.ts';
import { layer as embedding } from './embedding.ts';
import { layer as encoders } from './encoders.ts';
import { layer as experts } from './experts.ts';
import { layer as keep } from './keep.ts';
import { layer as lift } from './lift.ts';
import { layer as lifting } from './lifting.ts';
import { layer as linear } from './linear.ts';
import { layer as linearAttention } from './linear-attention.ts';
import { layer as mean } from './mean.ts';
import { layer as mlp } from './mlp.ts';
import { layer as norm } from './norm.ts';
import { layer as parallel } from './parallel.ts';
import { layer as patchMerging } from './patch-merging.ts';
import { layer as performer } from './performer.ts';
import { layer as pool } from './pool.ts';
import { layer as recall } from './recall.ts';
import { layer as repeat } from './repeat.ts';
import { layer as residual } from './residual.ts';
import { layer as scale } from './scale.ts';
import { layer as sequencePool } from './sequence-pool.ts';
import { layer as softmax } from './softmax.ts';
import { layer as squeezeExcite } from './squeeze-excite.ts';
import { layer as store } from './store.ts';
import { layer as token } from './token.ts';
import { layer as unfold } from './unfold.ts';

/** All kinds of layers, by their files. */
// biome-ignore format: one layer a line
export const LAYERS = [
  activation,
  attention,
  block,
  conv,
  embedding,
  encoders,
  experts,
  keep,
  lift,
  lifting,
  linear,
  linearAttention,
  mean,
  mlp,
  norm,
  parallel,
  patchMerging,
  performer,
  pool,
  recall,
  repeat,
  residual,
  scale,
  sequencePool,
  softmax,
  squeezeExcite,
  store,
  token,
  unfold,
] as const;
