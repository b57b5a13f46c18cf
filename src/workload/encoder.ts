/** One transformer encoder, and the stack of them: attention, projection, MLP, norms and residuals (ViT, arXiv 2010.11929, Fig. 1; BERT, arXiv 1810.04805). */
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
}

/**
 * Adds `count` encoders after `input`; gives the id of the last one's output (tokens x dim). A reuse encoder takes
 * the attention output of the last earlier encoder that still has attention.
 */
export function addEncoders(
  b: GraphBuilder,
  shape: EncoderShape,
  count: number,
  input: string,
  reuse: ReusePlan,
): string {
  const reused = new Set(reuse.encoders);
  let x = input;
  let attention = '';
  for (let i = 0; i < count; i++) {
    let mixed: string;
    if (reused.has(i)) {
      mixed = transformationBlock(b, shape, i, attention);
    } else {
      const normed = shape.norm === 'pre' ? norm(b, shape, i, 'norm1', x) : x;
      mixed = attention = softmaxAttention(b, shape, i, normed);
    }
    x = addRest(b, shape, i, x, mixed);
  }
  return x;
}

/** Projection, residual, MLP, residual: what every encoder keeps. */
function addRest(b: GraphBuilder, s: EncoderShape, i: number, input: string, mixed: string): string {
  const { tokens, dim, hidden } = s;
  const projected = b.linear(at(i, 'projection', 'projection'), mixed, tokens, dim, dim);
  const sum = residual(b, s, i, 'residual1', input, projected);
  const middle = s.norm === 'post' ? norm(b, s, i, 'norm1', sum) : sum;

  const mlpInput = s.norm === 'pre' ? norm(b, s, i, 'norm2', middle) : middle;
  const fc1 = b.linear(at(i, 'fc1', 'mlp'), mlpInput, tokens, dim, hidden);
  const fn = s.activation === 'relu' ? 'relu' : 'gelu';
  const formula = s.activation === 'gelu-tanh' ? ({ approximate: 'tanh' } as const) : {};
  const active = b.vector(at(i, fn, 'gelu'), fn, [fc1], tokens, hidden, formula);
  const fc2 = b.linear(at(i, 'fc2', 'mlp'), active, tokens, hidden, dim);
  const output = residual(b, s, i, 'residual2', middle, fc2);
  return s.norm === 'post' ? norm(b, s, i, 'norm2', output) : output;
}

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
