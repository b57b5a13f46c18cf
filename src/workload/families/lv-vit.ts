/** LV-ViT: convolutional stem, scaled residual branches, and a second classifier on all patch tokens (arXiv 2104.10858; zihangJiang/TokenLabeling tlt/models/lvvit.py). */
import * as z from 'zod';
import { checkAttention } from '../attention.ts';
import type { Place } from '../builder.ts';
import { addEncoders } from '../encoder.ts';
import type { Family } from '../family.ts';
import {
  checkEncoder,
  checkPatches,
  encoderFields,
  encoderShape,
  hiddenSize,
  imageFields,
  imageSizes,
  patchCount,
  positiveInt,
} from '../model-fields.ts';
import type { Stage } from '../op.ts';
import { checkPruning, pruningField, pruningRule } from '../pruning.ts';
import { addEmbedding, addStem, convSide } from '../stem.ts';

/** Weight of the patch tokens' best class in the sum of the two heads. */
const AUX_WEIGHT = 0.5;

const stemConv = z.strictObject({
  kernel: positiveInt.describe('Side of the kernel, pixels'),
  stride: positiveInt.describe('Stride, pixels'),
  padding: z.int().nonnegative().describe('Zero padding on each side, pixels'),
  channels: positiveInt.describe('Output channels'),
});

const schema = z
  .strictObject({
    family: z.literal('lv-vit').describe('Vision transformer trained with token labels'),
    ...encoderFields,
    qkvBias: z.boolean().default(false).describe('Q, K and V layers have a bias'),
    ...imageFields,
    classes: positiveInt.describe('Outputs of the classifier head'),
    normEps: z.number().positive().default(1e-5).describe('Epsilon of the LayerNorms'),
    stem: z
      .array(stemConv)
      .min(1)
      .describe('Convolutions (no bias, then BatchNorm and ReLU) before the patch projection'),
    pruning: pruningField,
    skipLam: z.number().positive().default(1).describe('Attention and MLP branches are divided by this'),
    auxHead: z.boolean().default(true).describe('Second head on every patch token (dense labels)'),
  })
  .superRefine((m, ctx) => {
    checkEncoder(m, ctx);
    checkPatches(m, ctx);
    checkPruning(m, ctx);
    checkAttention(m, { ...m, grid: imageSizes(m).grid, learned: 1, tokens: patchCount(m) + 1 }, ctx);
    let side = m.imageSize;
    for (const conv of m.stem) side = convSide(side, conv);
    const kernel = (m.patchSize * side) / m.imageSize;
    if (side < 1 || m.imageSize % side !== 0 || !Number.isInteger(kernel))
      ctx.addIssue({
        code: 'custom',
        path: ['stem'],
        message: `the stem leaves ${side} of ${m.imageSize} pixels, which do not cut into patches of ${m.patchSize}`,
      });
  })
  .transform(m => ({ ...m, ...imageSizes(m), hidden: hiddenSize(m), learned: 1, tokens: patchCount(m) + 1 }));

export const family: Family<typeof schema> = {
  name: 'lv-vit',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, classes } = model;
    const patches = patchCount(model);
    const embedding = { patches, learned: 1, positions: 'all', dim } as const;
    const x = addEmbedding(b, addStem(b, model, model.stem), embedding);
    const shape = encoderShape(model, tokens, 'pre', 1 / model.skipLam);
    const rule = model.pruning === undefined ? undefined : pruningRule(model.pruning, tokens);
    const y = addEncoders(b, shape, { count: model.encoders, input: x, reuse, rule });
    const normed = b.layerNorm(at('norm', 'norm'), y.id, y.tokens, dim, model.normEps);

    const first = { from: y.tokens, to: 1, width: dim, change: 'slice', start: 0 } as const;
    const logits = b.linear(at('head', 'head'), b.tokens(at('head.token', 'pool'), normed, first), {
      rows: 1,
      in: dim,
      out: classes,
    });
    if (!model.auxHead) return;
    const left = y.tokens - 1;
    const rest = { from: y.tokens, to: left, width: dim, change: 'slice', start: 1 } as const;
    const others = b.tokens(at('auxHead.tokens', 'pool'), normed, rest);
    const dense = b.linear(at('auxHead', 'head'), others, { rows: left, in: dim, out: classes });
    const best = b.vector(at('auxHead.max', 'head'), 'max', [dense], { rows: left, rowLength: classes });
    b.vector(at('head.sum', 'head'), 'add', [logits, best], {
      rows: 1,
      rowLength: classes,
      scale: AUX_WEIGHT,
    });
  },
};

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
