/** What ShiftAddViT's linear attention does with binary codes of queries and keys (arXiv 2306.06446; GATECH-EIC/ShiftAddViT pvt/pvt_v2.py, LinAngularAttention). */
import type { GraphBuilder } from './builder.ts';
import { type EncoderShape, type Mixed, matrixAt } from './encoder-shape.ts';
import type { Stage } from './op.ts';
import { oddSide } from './variant-parts.ts';

/** Bits of a code: 0 or 1, so that its product with a value is an addition or none. */
const CODE_BITS = 1;

/** Smallest length that is divided by. */
export const LENGTH_EPS = 1e-12;

export const localKernelField = oddSide
  .default(9)
  .describe('Taps along the tokens of the convolution on V, one filter for each head');

/**
 * 0.5 V + Q (K^T V) / pi, each head of each token at length 1, plus a convolution of V along the tokens. `codes` of Q and
 * K: tokens x (heads x `width`) of 0 and 1.
 */
export function angularProducts(
  { b, shape, i }: { b: GraphBuilder; shape: EncoderShape; i: number },
  { q, k, v, width }: { q: string; k: string; v: string; width: number },
  taps: number,
): Mixed {
  const { tokens, dim, heads } = shape;
  const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
  const headDim = dim / heads;
  const local = b.grouped(at('local', 'qkv'), v, {
    rows: tokens,
    groups: dim,
    in: taps,
    out: 1,
    bias: false,
    conv: {
      kernel: { height: taps, width: 1 },
      stride: { height: 1, width: 1 },
      padding: { height: (taps - 1) / 2, width: 0 },
      inChannels: dim,
      input: { height: tokens, width: 1 },
      output: { height: tokens, width: 1 },
    },
    ...(headDim > 1 && { copies: { filters: heads, order: 'runs' } }),
  });
  const sizes = { batch: heads, n: headDim, transposed: false, streamedBits: CODE_BITS };
  const kv = b.dynamic(at('kv', 'qk'), k, v, { ...sizes, m: width, k: tokens, streamedTransposed: true });
  const product = b.dynamic(at('sv', 'sv'), q, kv, { ...sizes, m: tokens, k: width });
  // Twice of it, since only its direction stays.
  const values = { rows: tokens, rowLength: dim };
  const sum = b.vector(at('value', 'sv'), 'add', [v, product], { ...values, scale: 2 / Math.PI });
  const unit = { rows: tokens, rowLength: headDim, batch: heads, eps: LENGTH_EPS };
  const normed = b.vector(at('unit', 'sv'), 'l2norm', [sum], unit);
  return { output: b.vector(at('locals', 'sv'), 'add', [normed, local], values) };
}
