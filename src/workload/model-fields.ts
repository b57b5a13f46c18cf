/** The fields that the model files of all families share, with the checks between them (zod). */
import * as z from 'zod';
import { type AttentionOptions, attentionField, attentionOf } from './attention.ts';
import { ACTIVATIONS, type Activation, type EncoderShape } from './encoder-shape.ts';

export const positiveInt = z.int().positive();

/** Identity and encoder stack. */
export const encoderFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected lower-case letters, digits, dots and dashes')
    .describe('Name of the model, as its file is called'),
  source: z.string().min(1).describe('Where the configuration is from: paper, repository, function'),
  encoders: positiveInt.describe('Number of encoders'),
  dim: positiveInt.describe('Embedding width d'),
  heads: positiveInt.describe('Attention heads; must divide dim'),
  mlpRatio: z.number().positive().describe('Hidden width of the MLP / dim'),
  qkvBias: z.boolean().default(true).describe('Q, K and V layers have a bias'),
  activation: z
    .enum(Object.keys(ACTIVATIONS) as Activation[])
    .default('gelu')
    .describe('Activation function of the MLP; gelu-tanh is the tanh formula of GELU'),
  attention: attentionField,
  shareWeights: positiveInt
    .default(1)
    .describe('Consecutive encoders on one set of weights and crossbars (MiniViT, arXiv 2204.07154)'),
};

/** What an image network needs to cut its input into tokens. */
export const imageFields = {
  imageSize: positiveInt.describe('Side of the square input image, pixels'),
  patchSize: positiveInt.describe('Side of a patch, pixels; must divide imageSize'),
  inChannels: positiveInt.default(3).describe('Channels of the input image'),
  classes: positiveInt.describe('Outputs of the classifier head'),
};

interface EncoderValues {
  readonly encoders: number;
  readonly dim: number;
  readonly heads: number;
  readonly mlpRatio: number;
}

interface ImageValues {
  readonly imageSize: number;
  readonly patchSize: number;
}

/** Hidden width of the MLP. */
export const hiddenSize = (m: EncoderValues): number => Math.round(m.dim * m.mlpRatio);

/** Patches of the image. */
export const patchCount = (m: ImageValues): number => (m.imageSize / m.patchSize) ** 2;

/** heads must divide dim, and dim x mlpRatio must be whole. */
export function checkEncoder(m: EncoderValues, ctx: z.RefinementCtx): void {
  if (m.dim % m.heads !== 0)
    ctx.addIssue({ code: 'custom', path: ['heads'], message: `${m.heads} heads do not divide dim ${m.dim}` });
  const hidden = m.dim * m.mlpRatio;
  if (hidden < 1 || Math.abs(hidden - Math.round(hidden)) > 1e-9)
    ctx.addIssue({
      code: 'custom',
      path: ['mlpRatio'],
      message: `dim ${m.dim} x mlpRatio ${m.mlpRatio} is not a whole number of hidden units`,
    });
}

/** The patch must divide the image. */
export function checkPatches(m: ImageValues, ctx: z.RefinementCtx): void {
  if (m.imageSize % m.patchSize !== 0)
    ctx.addIssue({
      code: 'custom',
      path: ['patchSize'],
      message: `patches of ${m.patchSize} pixels do not divide an image of ${m.imageSize}`,
    });
}

interface ShapeValues
  extends Pick<EncoderShape, 'dim' | 'heads' | 'hidden' | 'qkvBias' | 'activation' | 'normEps'> {
  readonly shareWeights: number;
  readonly attention?: AttentionOptions | undefined;
}

/** The encoder stack of a model at `tokens` tokens. */
export function encoderShape(
  m: ShapeValues,
  tokens: number,
  norm: 'pre' | 'post',
  branchScale = 1,
): EncoderShape {
  const { dim, heads, hidden, qkvBias, activation, normEps, shareWeights } = m;
  const share = shareWeights;
  const attention = attentionOf(m.attention);
  return { tokens, dim, heads, hidden, qkvBias, activation, normEps, norm, branchScale, share, attention };
}
