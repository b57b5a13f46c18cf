/** The norm of an encoder's tokens: LayerNorm or RMSNorm. */
import type { GraphBuilder, Place } from './builder.ts';
import type { EncoderShape } from './encoder-shape.ts';

/** Adds the norm of tokens x dim; gives its id. */
export function addNorm(
  b: GraphBuilder,
  place: Place,
  input: string,
  { tokens, dim, normEps, normBy }: Pick<EncoderShape, 'tokens' | 'dim' | 'normEps' | 'normBy'>,
): string {
  return normBy === 'rmsnorm'
    ? b.rmsNorm(place, input, { rows: tokens, rowLength: dim, batch: 1 }, normEps)
    : b.layerNorm(place, input, tokens, dim, normEps);
}
