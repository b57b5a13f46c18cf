/** DynamicViT's token pruning (Rao et al., arXiv 2106.02034): a predictor scores the patches before some encoders, and only the best go on. */
import { z } from 'zod';
import type { GraphBuilder, Place } from '../builder.ts';
import type { EncoderShape, TokenRule } from '../encoder.ts';

/** The model file's field; keep ratios are shares of the patches of the image. */
export const pruningField = z
  .strictObject({
    before: z.array(z.int().positive()).min(1).describe('Encoders before which patches are dropped'),
    keep: z.array(z.number().gt(0).lt(1)).min(1).describe('Share of all patches left there, falling'),
  })
  .optional()
  .describe('Patches that a predictor drops on the way (DynamicViT, arXiv 2106.02034)');

export type Pruning = NonNullable<z.output<typeof pruningField>>;

interface PrunedModel {
  readonly encoders: number;
  readonly dim: number;
  readonly shareWeights: number;
  readonly pruning?: Pruning | undefined;
}

/** One keep ratio per place; places rise and ratios fall; arrays of another size cannot be shared. */
export function checkPruning(m: PrunedModel, ctx: z.RefinementCtx): void {
  if (m.pruning === undefined) return;
  const { before, keep } = m.pruning;
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
  if (m.dim % 4 !== 0) issue([], `the predictor needs a dim that 4 divides, not ${m.dim}`);
  if (m.shareWeights > 1) issue([], 'encoders that share crossbars must have equal token counts');
}

/** The rule of a network whose first of `tokens` rows is the class token. */
export function dynamicVit(pruning: Pruning, tokens: number): TokenRule {
  return {
    before(b, shape, encoder, x) {
      const stage = pruning.before.indexOf(encoder);
      if (stage < 0) return undefined;
      const kept = 1 + Math.floor((tokens - 1) * pruning.keep[stage]);
      const scores = addPredictor(b, shape, stage, x);
      const change = { from: shape.tokens, to: kept, width: shape.dim, change: 'keep', start: 0 } as const;
      return { id: b.tokens(at(stage, 'keep'), x, change, scores), tokens: kept };
    },
  };
}

/** Two scores per patch (keep, drop), from its own channels and the mean of half of them over all patches. */
function addPredictor(b: GraphBuilder, s: EncoderShape, stage: number, x: string): string {
  const { dim, normEps } = s;
  const rows = s.tokens - 1;
  const change = { from: s.tokens, to: rows, width: dim, change: 'slice', start: 1 } as const;
  const patches = b.tokens(at(stage, 'patches'), x, change);
  const normed = b.layerNorm(at(stage, 'norm'), patches, rows, dim, normEps);
  const local = b.linear(at(stage, 'fc0'), normed, rows, dim, dim);
  const active = b.vector(at(stage, 'gelu0'), 'gelu', [local], rows, dim);
  let y = b.vector(at(stage, 'mean'), 'halfmean', [active], rows, dim);
  y = b.linear(at(stage, 'fc1'), y, rows, dim, dim / 2);
  y = b.vector(at(stage, 'gelu1'), 'gelu', [y], rows, dim / 2);
  y = b.linear(at(stage, 'fc2'), y, rows, dim / 2, dim / 4);
  y = b.vector(at(stage, 'gelu2'), 'gelu', [y], rows, dim / 4);
  return b.linear(at(stage, 'fc3'), y, rows, dim / 4, 2);
}

const at = (stage: number, name: string): Place => ({
  id: `predictor${stage}.${name}`,
  stage: 'predictor',
  encoder: null,
});
