/** One transformer encoder, and the stack of them: attention, projection, MLP, norms and residuals (ViT, arXiv 2010.11929, Fig. 1; BERT, arXiv 1810.04805). */

import { usageError } from '../base/errors.ts';
import { softmaxAttention } from './attention/softmax-attention.ts';
import type { GraphBuilder, Place } from './builder.ts';
import type { Stage } from './op.ts';
import type { ReusePlan } from './reuse.ts';
import { transformationBlock } from './transformation-block.ts';

/** What all encoders of an isotropic network have in common. */
export interface EncoderShape {
  readonly tokens: number;
  readonly dim: number;
  readonly heads: number;
  /** Width of the MLP's hidden layer. */
  readonly hidden: number;
  readonly qkvBias: boolean;
  readonly activation: 'gelu' | 'gelu-tanh' | 'relu';
  readonly normEps: number;
  /** `pre`: LayerNorm before attention and MLP (ViT); `post`: after their residual adds (BERT). */
  readonly norm: 'pre' | 'post';
  /** Factor on the attention and MLP branches before they are added (LV-ViT: 1 / skip_lam). */
  readonly branchScale: number;
  /** So many consecutive encoders share their crossbars: weights, and arrays for K^T and V (1: none do). */
  readonly share: number;
}

/** Takes tokens out before some encoders. */
export interface TokenRule {
  /**
   * The rows that encoder `i` gets instead of `x`, and their number; undefined: it gets `x`. `attending`: the last encoder
   * before it that has attention.
   */
  before(b: GraphBuilder, shape: EncoderShape, i: number, x: string, attending: number): Tokens | undefined;
}

/** Rows of a token matrix, by the op that gives them. */
export interface Tokens {
  readonly id: string;
  readonly tokens: number;
}

/**
 * Adds `count` encoders after `input`; gives the last one's output (tokens x dim). A reuse encoder takes the attention
 * output of the last earlier encoder that still has attention.
 * @throws TrexError (usage) where `rule` takes tokens out between the two.
 */
export function addEncoders(
  b: GraphBuilder,
  shape: EncoderShape,
  count: number,
  input: string,
  reuse: ReusePlan,
  rule?: TokenRule,
): Tokens {
  const reused = new Set(reuse.encoders);
  let s = shape;
  let x = input;
  let attention: Tokens = { id: '', tokens: 0 };
  let attending = 0;
  for (let i = 0; i < count; i++) {
    const left = rule?.before(b, s, i, x, attending);
    if (left !== undefined) {
      x = left.id;
      s = { ...s, tokens: left.tokens };
    }
    let mixed: string;
    if (reused.has(i)) {
      if (attention.tokens !== s.tokens)
        throw usageError(
          `encoder ${i} has ${s.tokens} tokens and cannot reuse an attention output of ${attention.tokens}: let it keep its own`,
        );
      mixed = transformationBlock(b, s, i, attention.id);
    } else {
      const normed = s.norm === 'pre' ? norm(b, s, i, 'norm1', x) : x;
      mixed = softmaxAttention(b, s, i, normed);
      attention = { id: mixed, tokens: s.tokens };
      attending = i;
    }
    x = addRest(b, s, i, x, mixed);
  }
  return { id: x, tokens: s.tokens };
}

/** Projection, residual, MLP, residual: what every encoder keeps. */
function addRest(b: GraphBuilder, s: EncoderShape, i: number, input: string, mixed: string): string {
  const { tokens, dim, hidden } = s;
  const projected = b.linear(matrixAt(s, i, 'projection', 'projection'), mixed, tokens, dim, dim);
  const sum = residual(b, s, i, 'residual1', input, projected);
  const middle = s.norm === 'post' ? norm(b, s, i, 'norm1', sum) : sum;

  const mlpInput = s.norm === 'pre' ? norm(b, s, i, 'norm2', middle) : middle;
  const fc1 = b.linear(matrixAt(s, i, 'fc1', 'mlp'), mlpInput, tokens, dim, hidden);
  const fn = s.activation === 'relu' ? 'relu' : 'gelu';
  const formula = s.activation === 'gelu-tanh' ? ({ approximate: 'tanh' } as const) : {};
  const active = b.vector(at(i, fn, 'gelu'), fn, [fc1], tokens, hidden, formula);
  const fc2 = b.linear(matrixAt(s, i, 'fc2', 'mlp'), active, tokens, hidden, dim);
  const output = residual(b, s, i, 'residual2', middle, fc2);
  return s.norm === 'post' ? norm(b, s, i, 'norm2', output) : output;
}

/** A matrix of encoder `i`: on the crossbars of the first encoder of its group. */
export const matrixAt = (s: EncoderShape, i: number, name: string, stage: Stage): Place => ({
  ...at(i, name, stage),
  weightId: `e${i - (i % s.share)}.${name}`,
});

const at = (encoder: number, name: string, stage: Stage): Place => ({
  id: `e${encoder}.${name}`,
  stage,
  encoder,
});

const norm = (b: GraphBuilder, s: EncoderShape, i: number, stage: 'norm1' | 'norm2', input: string): string =>
  b.layerNorm(at(i, stage, stage), input, s.tokens, s.dim, s.normEps);

const residual = (
  b: GraphBuilder,
  s: EncoderShape,
  i: number,
  id: string,
  x: string,
  branch: string,
): string =>
  b.vector(
    at(i, id, 'residual'),
    'add',
    [x, branch],
    s.tokens,
    s.dim,
    s.branchScale === 1 ? {} : { scale: s.branchScale },
  );
