/** Multi-head self-attention but for its map: Q, K, V, f(Q K^T) V, heads concatenated (Vaswani et al. 2017; TReX Eq. 1, stages 1-5 of Fig. 8b). */
import type { GraphBuilder, Place } from './builder.ts';
import { type AttentionInput, type EncoderShape, type Mixed, matrixAt } from './encoder-shape.ts';
import type { Stage } from './op.ts';
import { type FunctionName, functionOf } from './vector-functions.ts';

/** The learned matrices of Q, K and V. */
export const QKV = ['q', 'k', 'v'] as const;

/** What becomes of the scores. */
interface MapFunction {
  readonly fn: FunctionName;
  readonly scale?: number;
  readonly offset?: number;
  /** A second function, of what the first one gives. */
  readonly behind?: FunctionName;
}

/**
 * Adds Q, K, V, QK^T, `fn` of the scores (times `scale`, absent 1 / sqrt(d_head), plus `offset`), and its product with V. A
 * function that reads no scale gets scores that a pass of their own has scaled. @throws Error for an offset that it does not read.
 */
export function multiHead(
  b: GraphBuilder,
  shape: EncoderShape,
  encoder: number,
  source: AttentionInput,
  { fn, behind, offset, scale: given }: MapFunction,
): Mixed {
  const { tokens, dim, heads, qkvBias } = shape;
  const headDim = dim / heads;
  const scale = given ?? 1 / Math.sqrt(headDim);
  const input = source.tokens();
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
  const sizes = { rows: tokens, rowLength: tokens, batch: heads };
  const options = offset === undefined ? sizes : { ...sizes, offset };
  const mapAt = at(fn, 'softmax');
  const readsScale = functionOf({ id: mapAt.id, fn }).options.some(option => option === 'scale');
  const mapped = readsScale
    ? b.vector(mapAt, fn, [scores], { ...options, scale })
    : b.vector(
        mapAt,
        fn,
        [b.vector(at('scale', 'softmax'), 'scale', [scores], { ...sizes, scale })],
        options,
      );
  const map = behind === undefined ? mapped : b.vector(at(behind, 'softmax'), behind, [mapped], sizes);
  const output = b.dynamic(at('sv', 'sv'), map, v, {
    batch: heads,
    m: tokens,
    k: tokens,
    n: headDim,
    transposed: false,
  });
  return { output, map };
}
