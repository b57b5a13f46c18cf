/** Multi-head self-attention but for its map: Q, K, V, f(Q K^T) V, heads concatenated (Vaswani et al. 2017; TReX Eq. 1, stages 1-5 of Fig. 8b). */
import type { GraphBuilder, Place } from './builder.ts';
import { type EncoderShape, type Mixed, matrixAt } from './encoder-shape.ts';
import type { Stage } from './op.ts';
import type { FunctionName } from './vector-functions.ts';

/** The learned matrices of Q, K and V. */
export const QKV = ['q', 'k', 'v'] as const;

/** Adds Q, K, V, QK^T, `fn` of the scores (scaled by 1 / sqrt(d_head), shifted by `offset`), and its product with V. */
export function multiHead(
  b: GraphBuilder,
  shape: EncoderShape,
  encoder: number,
  input: string,
  { fn, offset }: { fn: FunctionName; offset?: number },
): Mixed {
  const { tokens, dim, heads, qkvBias } = shape;
  const headDim = dim / heads;
  const at = (name: string, stage: Stage): Place => matrixAt(shape, encoder, name, stage);

  const [q, k, v] = QKV.map(name =>
    b.linear(at(name, 'qkv'), input, { rows: tokens, in: dim, out: dim, bias: qkvBias }),
  );
  const scores = b.dynamic(at('qk', 'qk'), q, k, {
    batch: heads,
    m: tokens,
    k: headDim,
    n: tokens,
    transposed: true,
  });
  const options = { batch: heads, scale: 1 / Math.sqrt(headDim) };
  const shifted = offset === undefined ? options : { ...options, offset };
  const map = b.vector(at(fn, 'softmax'), fn, [scores], { rows: tokens, rowLength: tokens, ...shifted });
  const output = b.dynamic(at('sv', 'sv'), map, v, {
    batch: heads,
    m: tokens,
    k: tokens,
    n: headDim,
    transposed: false,
  });
  return { output, map };
}
