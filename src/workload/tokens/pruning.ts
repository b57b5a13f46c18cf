/** Token pruning as a model file says it: before which encoders, how many patches go on, and who chooses them. One file per rule. */
import { z } from 'zod';
import type { TokenRule } from '../encoder.ts';
import { classAttention } from './class-attention.ts';
import { dynamicVit } from './dynamic-vit.ts';

/** The model file's field; keep ratios are shares of the patches of the image. */
export const pruningField = z
  .strictObject({
    by: z
      .enum(['predictor', 'attention'])
      .default('predictor')
      .describe(
        'Who scores the patches: a predictor of its own (DynamicViT), or the attention of the class token (EViT)',
      ),
    before: z.array(z.int().positive()).min(1).describe('Encoders before which patches are dropped'),
    keep: z.array(z.number().gt(0).lt(1)).min(1).describe('Share of all patches left there, falling'),
  })
  .optional()
  .describe(
    'Patches that are dropped on the way (DynamicViT, arXiv 2106.02034; EViT without its fused token, arXiv 2202.07800)',
  );

type Field = NonNullable<z.output<typeof pruningField>>;

export type Pruning = { readonly [Key in keyof Field]: Readonly<Field[Key]> };

interface PrunedModel {
  readonly encoders: number;
  readonly dim: number;
  readonly shareWeights: number;
  readonly pruning?: Pruning | undefined;
}

/** One keep ratio per place; places rise and ratios fall; arrays of another size cannot be shared. */
export function checkPruning(m: PrunedModel, ctx: z.RefinementCtx): void {
  if (m.pruning === undefined) return;
  const { by, before, keep } = m.pruning;
  const issue = (path: PropertyKey[], message: string): void =>
    ctx.addIssue({ code: 'custom', path: ['pruning', ...path], message });
  if (before.length !== keep.length)
    issue(['keep'], `${before.length} places to prune, but ${keep.length} keep ratios`);
  before.forEach((at, i) => {
    if (at >= m.encoders) issue(['before', i], `encoder ${at} of ${m.encoders} encoders (0-based)`);
    if (i > 0 && at <= before[i - 1])
      issue(['before', i], `encoder ${at} does not come after ${before[i - 1]}`);
  });
  keep.forEach((ratio, i) => {
    if (i > 0 && ratio >= keep[i - 1]) issue(['keep', i], `${ratio} is not below ${keep[i - 1]}`);
  });
  if (by === 'predictor' && m.dim % 4 !== 0)
    issue([], `the predictor needs a dim that 4 divides, not ${m.dim}`);
  if (m.shareWeights > 1) issue([], 'encoders that share crossbars must have equal token counts');
}

/** The rule of a network whose first of `tokens` rows is the class token. */
export const pruningRule = (pruning: Pruning, tokens: number): TokenRule =>
  pruning.by === 'attention' ? classAttention(pruning, tokens) : dynamicVit(pruning, tokens);
