/** Token pruning by the class token's attention (EViT, Liang et al., ICLR 2022, arXiv 2202.07800): the patches that it looks at most go on. Nothing is trained for it; the patches that go are dropped, not fused into one token. */
import { usageError } from '../../base/errors.ts';
import type { PruningPlaces, PruningRule, TokenRule } from '../token-rule.ts';

/** A share of a whole number may come out above it by float64's last digits. */
const SLIP = 1e-9;

/** Patches that go on; EViT rounds up. */
export const patchesKept = (patches: number, share: number): number => Math.ceil(patches * share - SLIP);

/**
 * The class token's attention is that of the last encoder that has attention, averaged over heads; averaging, sorting and
 * moving rows have no cost (assumed).
 */
const classAttention = ({ before, keep }: PruningPlaces, tokens: number): TokenRule => ({
  before(b, { tokens: from, dim, heads, attention }, encoder, x, attending) {
    const stage = before.indexOf(encoder);
    if (stage < 0) return undefined;
    const kept = 1 + patchesKept(tokens - 1, keep[stage]);
    if (kept === from) return undefined;
    if (attending?.map === undefined)
      throw usageError(
        `attention ${attention(encoder - 1).kind} makes no map of the class token's attention to prune by`,
      );
    const place = (name: string) =>
      ({ id: `pruning${stage}.${name}`, stage: 'predictor', encoder: null }) as const;
    const row = { from, to: 1, width: heads * from, change: 'slice', start: 0 } as const;
    const scores = b.tokens(place('attention'), attending.map, row);
    const change = { from, to: kept, width: dim, change: 'keep', start: 0, heads } as const;
    return { id: b.tokens(place('keep'), x, change, scores), tokens: kept };
  },
});

export const pruningRule = {
  by: 'attention',
  describe: 'the attention of the class token (EViT)',
  check: () => undefined,
  rule: classAttention,
} as const satisfies PruningRule;
