/** Attention pooling: one learned query attends to all tokens, an MLP follows (Lee et al., Set Transformer, arXiv 1810.00825; SigLIP's head, arXiv 2303.15343; timm layers/attention_pool.py). */
import type { GraphBuilder, Place } from './builder.ts';
import { ACTIVATIONS, type Activation } from './encoder-shape.ts';
import type { Tokens } from './token-rule.ts';

interface PoolShape {
  readonly dim: number;
  readonly heads: number;
  readonly hidden: number;
  readonly activation: Activation;
  readonly normEps: number;
}

/** Adds the pooling of the rows of `y`; gives the id of the one row that comes out. */
export function addAttentionPool(b: GraphBuilder, shape: PoolShape, y: Tokens): string {
  const { dim, heads, hidden, normEps } = shape;
  const { tokens } = y;
  const linear = (name: string, input: string, rows: number, [size, out] = [dim, dim]): string =>
    b.linear(at(name), input, { rows, in: size, out });
  // The query is a learned row that comes with the tokens and is taken out again: moving rows has no cost (assumed).
  const prepended = { from: tokens, to: tokens + 1, width: dim, change: 'prepend', start: 0 } as const;
  const taken = { from: tokens + 1, to: 1, width: dim, change: 'slice', start: 0 } as const;
  const probe = b.tokens(at('query'), b.tokens(at('probe'), y.id, prepended), taken);
  const [q, k, v] = [linear('q', probe, 1), linear('k', y.id, tokens), linear('v', y.id, tokens)];
  const headDim = dim / heads;
  const scoreShape = { batch: heads, m: 1, k: headDim, n: tokens, transposed: true };
  const scores = b.dynamic(at('qk'), q, k, scoreShape);
  const map = b.vector(at('softmax'), 'softmax', [scores], {
    rows: 1,
    rowLength: tokens,
    batch: heads,
    scale: 1 / Math.sqrt(headDim),
  });
  const mixed = b.dynamic(at('sv'), map, v, {
    batch: heads,
    m: 1,
    k: tokens,
    n: headDim,
    transposed: false,
  });
  const x = linear('projection', mixed, 1);
  const { fn, options } = ACTIVATIONS[shape.activation];
  const fc1 = linear('fc1', b.layerNorm(at('norm'), x, 1, dim, normEps), 1, [dim, hidden]);
  const active = b.vector(at(fn), fn, [fc1], { rows: 1, rowLength: hidden, ...options });
  const fc2 = linear('fc2', active, 1, [hidden, dim]);
  return b.vector(at('residual'), 'add', [x, fc2], { rows: 1, rowLength: dim });
}

const at = (name: string): Place => ({ id: `pool.${name}`, stage: 'pool', encoder: null });
