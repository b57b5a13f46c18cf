/** What an image network makes of its last tokens: which are pooled, how they are normed, and the classifiers on them (timm's global_pool; DeiT, arXiv 2012.12877; DINOv2, 2304.07193). */
import * as z from 'zod';
import { addAttentionPool } from './attention-pool.ts';
import type { GraphBuilder, Place } from './builder.ts';
import type { Activation } from './encoder-shape.ts';
import { positiveInt } from './model-fields.ts';
import type { Stage } from './op.ts';
import type { Tokens } from './token-rule.ts';

export const readOutFields = {
  distilled: z.boolean().default(false).describe('DeiT with a distillation token and a second head'),
  distilledHead: z
    .boolean()
    .default(true)
    .describe('The second head of a distilled network; without it only the class token is read out'),
  pool: z
    .enum(['class', 'mean', 'class-mean', 'attention', 'none'])
    .default('class')
    .describe(
      'What is read out: the class token, the mean of the patches, both side by side (DINOv2), attention of one learned query (SigLIP), or all tokens',
    ),
  finalNorm: z
    .enum(['tokens', 'pooled', 'none'])
    .default('tokens')
    .describe("LayerNorm on all tokens before they are pooled, on what is pooled (timm's fc_norm), or none"),
  classes: positiveInt.optional().describe('Outputs of the classifier; absent: there is none'),
  headBias: z.boolean().default(true).describe('The classifier has a bias'),
};

interface ReadOut {
  readonly distilled: boolean;
  readonly distilledHead: boolean;
  readonly pool: 'class' | 'mean' | 'class-mean' | 'attention' | 'none';
  readonly finalNorm: 'tokens' | 'pooled' | 'none';
  readonly classes?: number | undefined;
  readonly headBias: boolean;
  readonly classToken: boolean;
}

interface Model extends ReadOut {
  /** Rows in front of the patches. */
  readonly learned: number;
  readonly dim: number;
  readonly heads: number;
  readonly hidden: number;
  readonly activation: Activation;
  readonly normEps: number;
}

/** What is pooled must be there, and a classifier reads one row. */
export function checkReadOut(m: ReadOut, ctx: z.RefinementCtx): void {
  const issue = (path: string, message: string): void =>
    ctx.addIssue({ code: 'custom', path: [path], message });
  if (!m.classToken && (m.pool === 'class' || m.pool === 'class-mean'))
    issue('pool', `${m.pool} reads a class token, but classToken is false`);
  if (m.pool === 'none' && m.classes !== undefined)
    issue('pool', 'a classifier reads one row, but pool is none; write pool: class or leave classes out');
  if (m.pool === 'none' && m.finalNorm === 'pooled')
    issue('finalNorm', 'nothing is pooled, but finalNorm is pooled; write tokens or none');
  if (m.pool === 'class-mean' && (m.classes === undefined || m.finalNorm === 'pooled'))
    issue('pool', 'class-mean is read by a classifier, from tokens that are normed before');
  if (
    m.distilled &&
    m.distilledHead &&
    (m.pool !== 'class' || m.classes === undefined || m.finalNorm === 'pooled')
  )
    issue(
      'distilledHead',
      'two heads read class and distillation token: pool: class, normed before, classes',
    );
}

/** Adds all that comes behind the encoders. */
export function addReadOut(b: GraphBuilder, model: Model, y: Tokens): void {
  const { dim, classes, pool, finalNorm, normEps, distilled, distilledHead } = model;
  const id = finalNorm === 'tokens' ? b.layerNorm(at('norm', 'norm'), y.id, y.tokens, dim, normEps) : y.id;
  if (pool === 'none') return;
  const normed = { id, tokens: y.tokens };
  const pooled = addPool(b, model, normed);
  const read = finalNorm === 'pooled' ? b.layerNorm(at('poolNorm', 'norm'), pooled, 1, dim, normEps) : pooled;
  if (classes === undefined) return;
  const head = (name: string, input: string, bias: boolean): string =>
    b.linear(at(name, 'head'), input, { rows: 1, in: dim, out: classes, bias });
  const logits = head('head', read, model.headBias);
  const sum = (other: string): string =>
    b.vector(at('head.sum', 'head'), 'add', [logits, other], { rows: 1, rowLength: classes });
  // One matrix on class token and mean side by side is one on each of them, added up.
  if (pool === 'class-mean') sum(head('headMean', addMean(b, model, normed), false));
  if (!distilled || !distilledHead) return;
  const other = head('headDistilled', addToken(b, model, normed, 'headDistilled', 1), model.headBias);
  b.vector(at('head.mean', 'head'), 'scale', [sum(other)], { rows: 1, rowLength: classes, scale: 0.5 });
}

function addPool(b: GraphBuilder, model: Model, y: Tokens): string {
  if (model.pool === 'mean') return addMean(b, model, y);
  return model.pool === 'attention' ? addAttentionPool(b, model, y) : addToken(b, model, y, 'head', 0);
}

/** The token at `start`, for the head called `id`. */
function addToken(b: GraphBuilder, { dim }: Model, y: Tokens, id: string, start: number): string {
  const change = { from: y.tokens, to: 1, width: dim, change: 'slice', start } as const;
  return b.tokens(at(`${id}.token`, 'pool'), y.id, change);
}

/** Mean of the patches. */
function addMean(b: GraphBuilder, { dim, learned }: Model, y: Tokens): string {
  const to = y.tokens - learned;
  const change = { from: y.tokens, to, width: dim, change: 'slice', start: learned } as const;
  const patches = learned === 0 ? y.id : b.tokens(at('pool.patches', 'pool'), y.id, change);
  return b.vector(at('pool.mean', 'pool'), 'mean', [patches], { rows: to, rowLength: dim });
}

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
