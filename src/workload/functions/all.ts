/** All vector functions of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { vectorFunction as add } from './add.ts';
import { vectorFunction as batchnorm } from './batchnorm.ts';
import { vectorFunction as embed } from './embed.ts';
import { vectorFunction as gelu } from './gelu.ts';
import { vectorFunction as halfmean } from './halfmean.ts';
import { vectorFunction as layernorm } from './layernorm.ts';
import { vectorFunction as max } from './max.ts';
import { vectorFunction as mean } from './mean.ts';
import { vectorFunction as multiply } from './multiply.ts';
import { vectorFunction as relu } from './relu.ts';
import { vectorFunction as scale } from './scale.ts';
import { vectorFunction as sigmoid } from './sigmoid.ts';
import { vectorFunction as softmax } from './softmax.ts';
import { vectorFunction as sum } from './sum.ts';
import { vectorFunction as swish } from './swish.ts';
import { vectorFunction as tanh } from './tanh.ts';

/** All vector functions, by their files. */
// biome-ignore format: one vectorFunction a line
export const FUNCTIONS = [
  add,
  batchnorm,
  embed,
  gelu,
  halfmean,
  layernorm,
  max,
  mean,
  multiply,
  relu,
  scale,
  sigmoid,
  softmax,
  sum,
  swish,
  tanh,
] as const;
