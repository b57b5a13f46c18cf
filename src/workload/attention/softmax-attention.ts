/** Softmax multi-head self-attention: softmax(Q K^T / sqrt(d_head)) V, heads concatenated (Vaswani et al. 2017; TReX Eq. 1, stages 1-5 of Fig. 8b). */
import type { GraphBuilder, Place } from '../builder.ts';
import { type EncoderShape, matrixAt } from '../encoder.ts';
import type { Stage } from '../op.ts';

/** Adds Q, K, V, QK^T, softmax and SV of one encoder; gives the id of the concatenated heads (tokens x dim). */
export function softmaxAttention(
  b: GraphBuilder,
  shape: EncoderShape,
  encoder: number,
  input: string,
): string {
  const { tokens, dim, heads, qkvBias } = shape;
  const headDim = dim / heads;
  const at = (name: string, stage: Stage): Place => matrixAt(shape, encoder, name, stage);

  const q = b.linear(at('q', 'qkv'), input, tokens, dim, dim, qkvBias);
  const k = b.linear(at('k', 'qkv'), input, tokens, dim, dim, qkvBias);
  const v = b.linear(at('v', 'qkv'), input, tokens, dim, dim, qkvBias);
  const scores = b.dynamic(at('qk', 'qk'), q, k, {
    batch: heads,
    m: tokens,
    k: headDim,
    n: tokens,
    transposed: true,
  });
  const map = b.vector(at('softmax', 'softmax'), 'softmax', [scores], tokens, tokens, {
    batch: heads,
    reduce: 'row',
    scale: 1 / Math.sqrt(headDim),
  });
  return b.dynamic(at('sv', 'sv'), map, v, {
    batch: heads,
    m: tokens,
    k: tokens,
    n: headDim,
    transposed: false,
  });
}
