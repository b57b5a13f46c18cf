/** Token pruning as a model file says it: before which encoders, how many patches go on, and who chooses them. Rules are declared in tokens/. */
import * as z from 'zod';
import { patchCount } from './model-fields.ts';
import { type PruningRule, patchesProblem, type Threshold, type TokenRule } from './token-rule.ts';
import { PRUNING_RULES } from './tokens/all.ts';

const ruleOf = (by: string): PruningRule => PRUNING_RULES.find(rule => rule.by === by)!;

/** The model file's field; keep ratios are shares of the patches of the image. */
export const pruningField = z
  .strictObject({
    by: z
      .enum(PRUNING_RULES.map(rule => rule.by))
      .default('predictor')
      .describe(`Who scores the patches: ${PRUNING_RULES.map(rule => rule.describe).join(', or ')}`),
    before: z
      .array(z.int().positive())
      .min(1)
      .optional()
      .describe('Encoders before which patches are dropped; this or within'),
    within: z
      .array(z.int().nonnegative())
      .min(1)
      .optional()
      .describe('Encoders between whose attention and MLP patches are dropped'),
    keep: z
      .array(z.number().gt(0).lte(1))
      .min(1)
      .optional()
      .describe('Share of patches left there; 1 drops none; this or patches'),
    patches: z
      .array(z.int().positive())
      .min(1)
      .optional()
      .describe('How many patches are left there, for one input: who chooses has work even where all go on'),
    of: z
      .enum(['image', 'left'])
      .optional()
      .describe('What the shares are of: all patches of the image (they fall then), or those still there'),
    fuse: z
      .boolean()
      .optional()
      .describe('The patches that go become one token, weighted by their scores; absent: they are lost'),
  })
  .optional()
  .describe('Patches that are dropped on the way (DynamicViT, arXiv 2106.02034; EViT, arXiv 2202.07800)');

type Field = NonNullable<z.output<typeof pruningField>>;

/** Which tokens go on the way, as a model file says it. */
export type Pruning = { readonly [Key in keyof Field]: Readonly<Field[Key]> };

type ImageValues = Parameters<typeof patchCount>[0];

interface PrunedModel extends ImageValues {
  readonly encoders: number;
  readonly dim: number;
  readonly heads: number;
  readonly shareWeights: number;
  readonly pruning?: Pruning | undefined;
}

/** One keep ratio per place; places rise and ratios fall; arrays of another size cannot be shared. */
export function checkPruning(m: PrunedModel, ctx: z.RefinementCtx): void {
  if (m.pruning === undefined) return;
  const { by, before, within, keep, patches, of, fuse } = m.pruning;
  const rule = ruleOf(by);
  const issue = (path: PropertyKey[], message: string): void =>
    ctx.addIssue({ code: 'custom', path: ['pruning', ...path], message });
  if ((before === undefined) === (within === undefined)) {
    issue([], 'patches go before or within encoders: one of the two lists is needed');
    return;
  }
  const places = before ?? within ?? [];
  const field = before === undefined ? 'within' : 'before';
  if (within !== undefined && !rule.within) issue(['within'], `${rule.describe} chooses before encoders`);
  if (fuse && !rule.fuses) issue(['fuse'], `${rule.describe} fuses no tokens`);
  if ((keep === undefined) === (patches === undefined)) {
    issue(
      [],
      'shares (keep) or numbers (patches) say how many patches go on: one of the two lists is needed',
    );
    return;
  }
  if (keep !== undefined && places.length !== keep.length)
    issue(['keep'], `${places.length} places to prune, but ${keep.length} keep ratios`);
  if (patches !== undefined) {
    if (places.length !== patches.length)
      issue(['patches'], `${places.length} places to prune, but ${patches.length} numbers of patches`);
    if (of !== undefined) issue(['of'], 'it says what shares are of, and numbers are given');
    const problem = patchesProblem(patches, patchCount(m), fuse);
    if (problem !== undefined) issue(['patches', problem.stage], problem.message);
  }
  places.forEach((at, i) => {
    if (at >= m.encoders) issue([field, i], `encoder ${at} of ${m.encoders} encoders (0-based)`);
    if (i > 0 && at <= places[i - 1]) issue([field, i], `encoder ${at} does not come after ${places[i - 1]}`);
  });
  if (of !== 'left')
    keep?.forEach((ratio, i) => {
      if (i > 0 && ratio >= keep[i - 1] && ratio < 1)
        issue(['keep', i], `${ratio} is not below ${keep[i - 1]}`);
    });
  const problem = rule.check(m);
  if (problem !== undefined) issue([], problem);
  if (m.shareWeights > 1) issue([], 'encoders that share crossbars must have equal token counts');
}

/** Whether patches can go at any encoder, and not at those of the model file alone. */
export const prunesAnywhere = ({ by }: Pruning): boolean => ruleOf(by).anywhere ?? false;

/** Where a rule's own score decides alone; undefined: its method has no threshold. */
export const pruningThreshold = ({ by }: Pruning): Threshold | undefined => ruleOf(by).threshold;

/** The rule of a network whose first of `tokens` rows is the class token. */
export const pruningRule = (pruning: Pruning, tokens: number): TokenRule =>
  ruleOf(pruning.by).rule(pruning, tokens);
