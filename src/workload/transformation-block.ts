/** TReX's transformation block: LayerNorm, d x d fully connected layer, GELU between an earlier attention output and a reuse encoder's projection (arXiv 2408.12742, Fig. 4). */
import type { GraphBuilder, Place } from './builder.ts';
import { type EncoderShape, matrixAt } from './encoder-shape.ts';

/** Adds the block of one reuse encoder; `attention` is the concatenated attention output that it reuses. */
export function transformationBlock(
  b: GraphBuilder,
  shape: EncoderShape,
  encoder: number,
  attention: string,
): string {
  const { tokens, dim, normEps } = shape;
  const at = (name: string): Place => ({ id: `e${encoder}.${name}`, stage: 'transform', encoder });

  const norm = b.layerNorm(at('transformNorm'), attention, tokens, dim, normEps);
  const fc = b.linear(matrixAt(shape, encoder, 'transform', 'transform'), norm, {
    rows: tokens,
    in: dim,
    out: dim,
  });
  return b.vector(at('transformGelu'), 'gelu', [fc], { rows: tokens, rowLength: dim });
}
