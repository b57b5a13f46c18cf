/** Token pruning by the class token's attention (EViT, Liang et al., ICLR 2022, arXiv 2202.07800; youweiliang/evit evit.py): the patches that it looks at most go on, the others are dropped or become one token. Nothing is trained for it. */
import { usageError } from '../../base/errors.ts';
import type { GraphBuilder } from '../builder.ts';
import { joinedRows, reshaped } from '../reorder.ts';
import {
  keptAt,
  type PruningPlaces,
  type PruningRule,
  placesOf,
  type TokenChoice,
  type TokenRule,
} from '../token-rule.ts';

/** A share of a whole number may come out above it by float64's last digits. */
const SLIP = 1e-9;

/** Patches that go on; EViT rounds up. */
export const patchesKept = (patches: number, share: number): number => Math.ceil(patches * share - SLIP);

const place = (stage: number, name: string) =>
  ({ id: `pruning${stage}.${name}`, stage: 'predictor', encoder: null }) as const;

/** The class token's attention to each of all `tokens`, and what is chosen by it. */
interface Attended {
  readonly stage: number;
  readonly heads: number;
  readonly tokens: number;
  readonly width: number;
  /** Class token and chosen patches. */
  readonly kept: number;
  readonly x: string;
  /** 1 x (heads x tokens). */
  readonly attention: string;
}

/**
 * Sorting and moving rows have no cost (assumed), the fused token has: its weights are the mean of the heads, and the patches
 * that go are added up by them.
 */
function classAttention(places: PruningPlaces, tokens: number): TokenRule {
  const at = placesOf(places);
  const choose: TokenChoice = (b, { tokens: from, dim, heads, attention }, encoder, x, attending) => {
    const stage = at.indexOf(encoder);
    if (stage < 0) return undefined;
    const kept = 1 + keptAt(places, stage, { image: tokens - 1, left: from - 1 }, patchesKept);
    if (kept >= from) return undefined;
    if (attending?.map === undefined)
      throw usageError(
        `attention ${attention(places.before === undefined ? encoder : encoder - 1).kind} makes no map of the class token's attention to prune by`,
      );
    if (attending.tokens !== from)
      throw usageError(
        `encoder ${encoder}: the last attention before it is of ${attending.tokens} tokens, ${from} are left: no map to prune by`,
      );
    const row = { from, to: 1, width: heads * from, change: 'slice', start: 0 } as const;
    const scores = b.tokens(place(stage, 'attention'), attending.map, row);
    const change = { from, to: kept, width: dim, change: 'keep', start: 0, heads } as const;
    const id = b.tokens(place(stage, 'keep'), x, change, scores);
    if (!places.fuse) return { id, tokens: kept };
    const given = { stage, heads, tokens: from, width: dim, kept, x, attention: scores };
    const joined = joinedRows(b, place(stage, 'join'), [
      { id, rows: kept, columns: dim },
      { id: addFused(b, given), rows: 1, columns: dim },
    ]);
    return { id: joined.id, tokens: joined.rows };
  };
  return places.before === undefined ? { within: choose } : { before: choose };
}

/** One token of those that go: their sum, weighted by the attention that they got. */
function addFused(b: GraphBuilder, { stage, heads, tokens, width, kept, x, attention }: Attended): string {
  const to = tokens - kept;
  const row = { id: attention, rows: 1, columns: heads * tokens };
  const byHead = reshaped(b, place(stage, 'heads'), row, { rows: heads, columns: tokens });
  const mean = b.vector(place(stage, 'mean'), 'mean', [byHead.id], { rows: heads, rowLength: tokens });
  const all = { id: mean, rows: 1, columns: tokens };
  const column = reshaped(b, place(stage, 'weights'), all, { rows: tokens, columns: 1 });
  const change = { from: tokens, to, change: 'rest', start: 0, heads } as const;
  const rest = b.tokens(place(stage, 'rest'), x, { ...change, width }, attention);
  const weights = b.tokens(place(stage, 'restWeights'), column.id, { ...change, width: 1 }, attention);
  const sizes = { rows: to, rowLength: width };
  const weighted = b.vector(place(stage, 'weighted'), 'multiply', [rest, weights], {
    ...sizes,
    second: 'segment',
  });
  return b.vector(place(stage, 'fused'), 'sum', [weighted], sizes);
}

export const pruningRule = {
  by: 'attention',
  describe: 'the attention of the class token (EViT)',
  within: true,
  fuses: true,
  check: () => undefined,
  rule: classAttention,
} as const satisfies PruningRule;
