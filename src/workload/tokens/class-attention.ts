/** Token pruning by the class token's attention (EViT, Liang et al., ICLR 2022, arXiv 2202.07800): the patches that it looks at most go on. Nothing is trained for it; the patches that go are dropped, not fused into one token. */
import type { TokenRule } from '../encoder.ts';
import type { Pruning } from './pruning.ts';

/** A share of a whole number may come out above it by float64's last digits. */
const SLIP = 1e-9;

/** Patches that go on; EViT rounds up. */
export const patchesKept = (patches: number, share: number): number => Math.ceil(patches * share - SLIP);

/**
 * The rule of a network whose first of `tokens` rows is the class token. Its attention is that of the last encoder that has
 * attention, averaged over heads; averaging, sorting and moving rows have no cost (assumed).
 */
export function classAttention(
  { before, keep }: Pick<Pruning, 'before' | 'keep'>,
  tokens: number,
): TokenRule {
  return {
    before(b, { tokens: from, dim, heads }, encoder, x, attending) {
      const stage = before.indexOf(encoder);
      if (stage < 0) return undefined;
      const kept = 1 + patchesKept(tokens - 1, keep[stage]);
      if (kept === from) return undefined;
      const place = (name: string) =>
        ({ id: `pruning${stage}.${name}`, stage: 'predictor', encoder: null }) as const;
      const row = { from, to: 1, width: heads * from, change: 'slice', start: 0 } as const;
      const scores = b.tokens(place('attention'), `e${attending}.softmax`, row);
      const change = { from, to: kept, width: dim, change: 'keep', start: 0, heads } as const;
      return { id: b.tokens(place('keep'), x, change, scores), tokens: kept };
    },
  };
}
