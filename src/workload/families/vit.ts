/** ViT and DeiT: patch projection, class token, pre-norm encoders, one linear head (arXiv 2010.11929, 2012.12877; DeiT's second head with `distilled`). */
import * as z from 'zod';
import type { GraphBuilder, Place } from '../builder.ts';
import { addEncoders } from '../encoder.ts';
import type { Family } from '../family.ts';
import {
  checkEncoder,
  checkPatches,
  encoderFields,
  encoderShape,
  hiddenSize,
  imageFields,
  patchCount,
} from '../model-fields.ts';
import type { Stage } from '../op.ts';
import { checkPruning, pruningField, pruningRule } from '../pruning.ts';
import { addEmbedding, addStem } from '../stem.ts';
import type { Tokens } from '../token-rule.ts';

const schema = z
  .strictObject({
    family: z.literal('vit').describe('Vision transformer with a class token: ViT, DeiT'),
    ...encoderFields,
    ...imageFields,
    normEps: z.number().positive().default(1e-6).describe('Epsilon of the LayerNorms'),
    pruning: pruningField,
    distilled: z.boolean().default(false).describe('DeiT with a distillation token and a second head'),
    distilledHead: z
      .boolean()
      .default(true)
      .describe('The second head of a distilled network; without it only the class token is read out'),
  })
  .superRefine((m, ctx) => {
    checkEncoder(m, ctx);
    checkPatches(m, ctx);
    checkPruning(m, ctx);
    if (m.pruning !== undefined && m.distilled)
      ctx.addIssue({
        code: 'custom',
        path: ['pruning'],
        message: 'pruning keeps one token of its own, a distilled network has two',
      });
  })
  .transform(m => ({ ...m, hidden: hiddenSize(m), tokens: patchCount(m) + (m.distilled ? 2 : 1) }));

type VitModel = z.output<typeof schema>;

export const family: Family<typeof schema> = {
  name: 'vit',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, distilled, encoders, normEps } = model;
    const patches = addStem(b, model);
    const x = addEmbedding(b, patches, patchCount(model), distilled ? 2 : 1, dim);
    const rule = model.pruning === undefined ? undefined : pruningRule(model.pruning, tokens);
    const y = addEncoders(b, encoderShape(model, tokens, 'pre'), { count: encoders, input: x, reuse, rule });
    const id = b.layerNorm(at('norm', 'norm'), y.id, y.tokens, dim, normEps);
    const normed = { id, tokens: y.tokens };
    const logits = addHead(b, model, normed, 'head', 0);
    if (!distilled || !model.distilledHead) return;
    const other = addHead(b, model, normed, 'headDistilled', 1);
    const sum = b.vector(at('head.sum', 'head'), 'add', [logits, other], {
      rows: 1,
      rowLength: model.classes,
    });
    b.vector(at('head.mean', 'head'), 'scale', [sum], { rows: 1, rowLength: model.classes, scale: 0.5 });
  },
};

/** Classifier `id` on the token at `start` of `y`. */
function addHead(b: GraphBuilder, model: VitModel, y: Tokens, id: string, start: number): string {
  const { dim, classes } = model;
  const change = { from: y.tokens, to: 1, width: dim, change: 'slice', start } as const;
  const token = b.tokens(at(`${id}.token`, 'pool'), y.id, change);
  return b.linear(at(id, 'head'), token, { rows: 1, in: dim, out: classes });
}

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
