/** The fields that the model files of all families share, with the checks between them (zod). */
import * as z from 'zod';
import {
  type AttentionExceptions,
  type AttentionOptions,
  attentionExceptionsField,
  attentionField,
  attentionOfEncoders,
} from './attention.ts';
import { ACTIVATIONS, type Activation, type EncoderShape, type NormPlace } from './encoder-shape.ts';
import { areaOf, type Size } from './size.ts';

export const positiveInt = z.int().positive();

const publishedField = z
  .strictObject({
    top1: z.number().gt(0).lt(1).describe('Share of images that are named right: 0.799'),
    by: z.string().min(1).describe('Who prints it: README, paper, table'),
    data: z.string().min(1).default('ImageNet-1k').describe('On which data'),
    latency: z
      .string()
      .min(1)
      .optional()
      .describe('A latency that they print too, and on which device: shown as it stands'),
  })
  .optional()
  .describe('Accuracy as the authors print it, which nothing here measures');

/** An accuracy that somebody else has measured. */
export type PublishedAccuracy = Readonly<NonNullable<z.output<typeof publishedField>>>;

/** Who the network is. */
export const identityFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected lower-case letters, digits, dots and dashes')
    .describe('Name of the model, as its file is called'),
  source: z.string().min(1).describe('Where the configuration is from: paper, repository, function'),
  certainty: z
    .enum(['code', 'paper', 'assumed'])
    .optional()
    .describe(
      "How sure the sizes are: code, read from the authors' code or equal to its counts; paper, from its text; assumed, where some are not published",
    ),
  published: publishedField,
};

/** What an encoder is. */
export const encoderOptions = {
  heads: positiveInt.describe('Attention heads; must divide dim'),
  mlpRatio: z.number().positive().describe('Hidden width of the MLP / dim'),
  qkvBias: z.boolean().default(true).describe('Q, K and V layers have a bias'),
  activation: z
    .enum(Object.keys(ACTIVATIONS) as Activation[])
    .default('gelu')
    .describe(
      'Activation function of the MLP; gelu-tanh is the tanh formula of GELU, quick-gelu x sigmoid(1.702 x), silu x sigmoid(x)',
    ),
  gatedMlp: z
    .boolean()
    .default(false)
    .describe('activation(fc1 x) is multiplied by a layer of its own on x, as in SwiGLU (arXiv 2002.05202)'),
};

/** Identity and encoder stack. */
export const encoderFields = {
  ...identityFields,
  encoders: positiveInt.describe('Number of encoders'),
  dim: positiveInt.describe('Embedding width d'),
  ...encoderOptions,
  attention: attentionField,
  attentionExceptions: attentionExceptionsField,
  shareWeights: positiveInt
    .default(1)
    .describe('Consecutive encoders on one set of weights and crossbars (MiniViT, arXiv 2204.07154)'),
};

/** What an image network needs to cut its input into tokens. */
export const imageFields = {
  imageSize: positiveInt.describe(
    'Height of the input image, pixels, and its width unless imageWidth says more',
  ),
  patchSize: positiveInt.describe('Height of a patch, pixels, and its width; must divide the image'),
  inChannels: positiveInt.default(3).describe('Channels of the input image'),
};

/** What an oblong image needs beside them. */
export const oblongFields = {
  imageWidth: positiveInt.optional().describe('Width of the input image, pixels; absent: imageSize'),
  patchWidth: positiveInt.optional().describe('Width of a patch, pixels; absent: patchSize'),
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
  readonly imageWidth?: number | undefined;
  readonly patchWidth?: number | undefined;
}

/** Sizes of the image, of a patch, and of the grid of patches. */
interface ImageSizes {
  readonly image: Size;
  readonly patch: Size;
  readonly grid: Size;
}

/** Hidden width of the MLP. */
export const hiddenSize = (m: EncoderValues): number => Math.round(m.dim * m.mlpRatio);

/** Height and width, as the fields say them. */
export function imageSizes(m: ImageValues): ImageSizes {
  const image = { height: m.imageSize, width: m.imageWidth ?? m.imageSize };
  const patch = { height: m.patchSize, width: m.patchWidth ?? m.patchSize };
  const grid = { height: image.height / patch.height, width: image.width / patch.width };
  return { image, patch, grid };
}

/** The same as the fields of a model file. */
export const imageFieldsOf = (image: Size, patch: Size): ImageValues => ({
  imageSize: image.height,
  patchSize: patch.height,
  ...(image.width !== image.height && { imageWidth: image.width }),
  ...(patch.width !== patch.height && { patchWidth: patch.width }),
});

/** Patches of the image. */
export const patchCount = (m: ImageValues): number => areaOf(imageSizes(m).grid);

/** Each exception names encoders that there are, and one once. */
function checkExceptions(
  m: Pick<EncoderValues, 'encoders'> & Pick<ShapeValues, 'attentionExceptions'>,
  ctx: z.RefinementCtx,
): void {
  const seen = new Set<number>();
  m.attentionExceptions?.forEach(({ encoders }, i) => {
    encoders.forEach((encoder, j) => {
      const issue = (message: string): void =>
        ctx.addIssue({ code: 'custom', path: ['attentionExceptions', i, 'encoders', j], message });
      if (encoder >= m.encoders) issue(`encoder ${encoder} of ${m.encoders} encoders (0-based)`);
      if (seen.has(encoder)) issue(`encoder ${encoder} is named twice`);
      seen.add(encoder);
    });
  });
}

/** heads must divide dim, and dim x mlpRatio must be whole. */
export function checkEncoder(
  m: EncoderValues & Pick<ShapeValues, 'attentionExceptions'>,
  ctx: z.RefinementCtx,
): void {
  checkExceptions(m, ctx);
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

/** The patch must divide the image, both ways. */
export function checkPatches(m: ImageValues, ctx: z.RefinementCtx): void {
  const { image, patch } = imageSizes(m);
  for (const side of ['height', 'width'] as const)
    if (image[side] % patch[side] !== 0) {
      ctx.addIssue({
        code: 'custom',
        path: [side === 'width' && m.patchWidth !== undefined ? 'patchWidth' : 'patchSize'],
        message: `patches of ${patch[side]} pixels do not divide ${side === 'width' && m.imageWidth !== undefined ? 'imageWidth' : 'an image of'} ${image[side]}`,
      });
      return;
    }
}

interface ShapeValues
  extends Pick<EncoderShape, 'dim' | 'heads' | 'hidden' | 'qkvBias' | 'activation' | 'gatedMlp' | 'normEps'> {
  readonly shareWeights: number;
  readonly attention?: AttentionOptions | undefined;
  readonly attentionExceptions?: AttentionExceptions | undefined;
}

/** Patches and the tokens in front of them. */
interface Patches {
  readonly grid?: Size | undefined;
  readonly learned?: number;
}

/** The encoder stack of a model at `tokens` tokens. */
export function encoderShape(
  m: ShapeValues & Patches,
  tokens: number,
  norm: NormPlace,
  branchScale = 1,
): EncoderShape {
  const { dim, heads, hidden, qkvBias, activation, gatedMlp, normEps, shareWeights, grid, learned = 0 } = m;
  const share = shareWeights;
  const attention = attentionOfEncoders(m.attention, m.attentionExceptions);
  const sizes = { tokens, grid, learned, dim, heads, hidden, qkvBias, activation, gatedMlp, normEps };
  return { ...sizes, norm, branchScale, share, attention };
}
