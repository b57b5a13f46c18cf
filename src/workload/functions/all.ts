/** All vector functions of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { vectorFunction as abovemean } from './abovemean.ts';
import { vectorFunction as add } from './add.ts';
import { vectorFunction as avgpool } from './avgpool.ts';
import { vectorFunction as batchnorm } from './batchnorm.ts';
import { vectorFunction as binarise } from './binarise.ts';
import { vectorFunction as causalsoftmax } from './causalsoftmax.ts';
import { vectorFunction as columnsoftmax } from './columnsoftmax.ts';
import { vectorFunction as combine } from './combine.ts';
import { vectorFunction as divide } from './divide.ts';
import { vectorFunction as elu1 } from './elu1.ts';
import { vectorFunction as embed } from './embed.ts';
import { vectorFunction as exponential } from './exponential.ts';
import { vectorFunction as gaussian } from './gaussian.ts';
import { vectorFunction as gelu } from './gelu.ts';
import { vectorFunction as halfmean } from './halfmean.ts';
import { vectorFunction as hardswish } from './hardswish.ts';
import { vectorFunction as l2norm } from './l2norm.ts';
import { vectorFunction as layernorm } from './layernorm.ts';
import { vectorFunction as lookup } from './lookup.ts';
import { vectorFunction as maskedsoftmax } from './maskedsoftmax.ts';
import { vectorFunction as max } from './max.ts';
import { vectorFunction as maxpool } from './maxpool.ts';
import { vectorFunction as mean } from './mean.ts';
import { vectorFunction as monomials } from './monomials.ts';
import { vectorFunction as multiply } from './multiply.ts';
import { vectorFunction as placescores } from './placescores.ts';
import { vectorFunction as pointwise } from './pointwise.ts';
import { vectorFunction as relativebias } from './relativebias.ts';
import { vectorFunction as relu } from './relu.ts';
import { vectorFunction as renorm } from './renorm.ts';
import { vectorFunction as rmsnorm } from './rmsnorm.ts';
import { vectorFunction as rotary } from './rotary.ts';
import { vectorFunction as rownorm } from './rownorm.ts';
import { vectorFunction as rowreduce } from './rowreduce.ts';
import { vectorFunction as scale } from './scale.ts';
import { vectorFunction as sigmoid } from './sigmoid.ts';
import { vectorFunction as softmax } from './softmax.ts';
import { vectorFunction as squaredlength } from './squaredlength.ts';
import { vectorFunction as standardise } from './standardise.ts';
import { vectorFunction as step } from './step.ts';
import { vectorFunction as sum } from './sum.ts';
import { vectorFunction as swish } from './swish.ts';
import { vectorFunction as tanh } from './tanh.ts';
import { vectorFunction as tensor } from './tensor.ts';

/** All vector functions, by their files. */
// biome-ignore format: one vectorFunction a line
export const FUNCTIONS = [
  abovemean,
  add,
  avgpool,
  batchnorm,
  binarise,
  causalsoftmax,
  columnsoftmax,
  combine,
  divide,
  elu1,
  embed,
  exponential,
  gaussian,
  gelu,
  halfmean,
  hardswish,
  l2norm,
  layernorm,
  lookup,
  maskedsoftmax,
  max,
  maxpool,
  mean,
  monomials,
  multiply,
  placescores,
  pointwise,
  relativebias,
  relu,
  renorm,
  rmsnorm,
  rotary,
  rownorm,
  rowreduce,
  scale,
  sigmoid,
  softmax,
  squaredlength,
  standardise,
  step,
  sum,
  swish,
  tanh,
  tensor,
] as const;
