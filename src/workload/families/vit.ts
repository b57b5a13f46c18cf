/** Vision transformers on patches: ViT, DeiT (arXiv 2010.11929, 2012.12877), DeiT III (2204.07118), MAE (2111.06377), DINOv2 (2304.07193), the image sides of CLIP (2103.00020) and SigLIP (2303.15343). */
import * as z from 'zod';
import { checkAttention } from '../attention.ts';
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
  oblongFields,
  patchCount,
  positiveInt,
} from '../model-fields.ts';
import { checkPruning, pruningField, pruningRule } from '../pruning.ts';
import { addReadOut, checkReadOut, readOutFields } from '../read-out.ts';
import { addEmbedding, addStem } from '../stem.ts';

interface Tokens {
  readonly classToken: boolean;
  readonly distilled: boolean;
  readonly registers: number;
}

/** Rows in front of the patches. */
const learnedTokens = (m: Tokens): number => Number(m.classToken) + Number(m.distilled) + m.registers;

const schema = z
  .strictObject({
    family: z.literal('vit').describe('Vision transformer on patches: ViT, DeiT, DINOv2, CLIP, SigLIP'),
    ...encoderFields,
    ...imageFields,
    ...oblongFields,
    normEps: z.number().positive().default(1e-6).describe('Epsilon of the LayerNorms'),
    norm: z
      .enum(['pre', 'res-post'])
      .default('pre')
      .describe('LayerNorms before attention and MLP, or after them and before they are added'),
    preNorm: z.boolean().default(false).describe('A LayerNorm before the first encoder (CLIP)'),
    patchBias: z.boolean().default(true).describe('The patch projection has a bias'),
    classToken: z.boolean().default(true).describe('A learned token in front of the patches'),
    registers: z.int().nonnegative().default(0).describe('Register tokens behind the class token'),
    positions: z
      .enum(['all', 'patches'])
      .default('all')
      .describe('Tokens that have a position: all, or the patches alone'),
    positionGrid: z
      .tuple([positiveInt, positiveInt])
      .optional()
      .describe(
        'Rows and columns of patches that the stored position embedding is for, which is then interpolated; absent: those of the image',
      ),
    pruning: pruningField,
    ...readOutFields,
  })
  .superRefine((m, ctx) => {
    checkEncoder(m, ctx);
    checkPatches(m, ctx);
    checkPruning(m, ctx);
    const learned = learnedTokens(m);
    const { grid } = imageSizes(m);
    checkAttention(m, { ...m, grid, learned, tokens: patchCount(m) + learned }, ctx);
    checkReadOut(m, ctx);
    const issue = (path: string, message: string): void =>
      ctx.addIssue({ code: 'custom', path: [path], message });
    if (m.distilled && !m.classToken) issue('distilled', 'a distillation token stands behind a class token');
    if (m.pruning === undefined) return;
    if (m.distilled) issue('pruning', 'pruning keeps one token of its own, a distilled network has two');
    else if (learnedTokens(m) !== 1) issue('pruning', 'pruning keeps one token of its own, the class token');
  })
  .transform(m => ({
    ...m,
    ...imageSizes(m),
    hidden: hiddenSize(m),
    learned: learnedTokens(m),
    tokens: patchCount(m) + learnedTokens(m),
  }));

export const family: Family<typeof schema> = {
  name: 'vit',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, learned, positions, normEps, norm } = model;
    const embedding = { patches: patchCount(model), learned, positions, dim };
    const embedded = addEmbedding(b, addStem(b, model), embedding);
    const place = { id: 'preNorm', stage: 'embedding', encoder: null } as const;
    const input = model.preNorm ? b.layerNorm(place, embedded, tokens, dim, normEps) : embedded;
    const rule = model.pruning === undefined ? undefined : pruningRule(model.pruning, tokens);
    const stack = { count: model.encoders, input, reuse, rule };
    addReadOut(b, model, addEncoders(b, encoderShape(model, tokens, norm), stack));
  },
};
