/** Patches that the class token's attention picks go on, the others are dropped (EViT, arXiv 2202.07800; IRET, GLSVLSI 2024; HiRED, arXiv 2408.10945). */
import * as z from 'zod';
import type { Detail } from '../features.ts';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import type { LayerScope } from '../layer-scope.ts';
import { positiveInt } from '../model-fields.ts';
import type { Threshold } from '../token-rule.ts';

const schema = z
  .strictObject({
    ...layerFields('keep', "Patches that the class token's attention in the last encoder picks"),
    share: z.number().gt(0).lte(1).optional().describe('Share of the patches that go on; 1 drops none'),
    count: positiveInt.optional().describe('How many patches go on, instead of a share'),
    classToken: z.boolean().default(true).describe('The class token goes on as well'),
  })
  .refine(({ share, count }) => (share === undefined) !== (count === undefined), {
    message: 'a share of the patches or a count is needed, one of the two',
  });

export const layer: LayerKind<'keep', typeof schema> = {
  kind: 'keep',
  schema: () => schema,
  add(scope, x, { share = 1, count, classToken }) {
    const { rows: from, learned, columns: width, map } = x;
    if (learned !== 1) return scope.refuse('one class token must stand in front of the patches');
    const patches = from - 1;
    const kept = count ?? Math.floor(patches * share);
    const field = count === undefined ? 'share' : 'count';
    if (kept > patches) scope.refuse(`${kept} of ${patches} patches`, field);
    if (kept < 1) scope.refuse(`none of ${patches} patches would be left`, field);
    const { b } = scope;
    let y = x;
    if (kept < patches) {
      if (map === undefined) return scope.refuse('no encoder before it has a map of attention to these rows');
      const { heads } = map;
      const row = { from, to: 1, width: heads * from, change: 'slice', start: 0 } as const;
      const scores = b.tokens(scope.at('attention', 'predictor'), map.id, row);
      const change = { from, to: 1 + kept, width, change: 'keep', start: 0, heads } as const;
      const id = b.tokens(scope.at('keep', 'predictor'), scope.idOf(x), change, scores);
      const details = x.details?.map((detail, i) => pick(scope, detail, i, { from, kept, heads, scores }));
      y = { ...x, id, rows: 1 + kept, grid: undefined, map: undefined, details };
    }
    if (classToken) return y;
    const change = { from: y.rows, to: kept, width, change: 'slice', start: 1 } as const;
    const id = b.tokens(scope.at('patches', 'pool'), scope.idOf(y), change);
    return { ...y, id, rows: kept, learned: 0, map: undefined };
  },
};

/** IRET drops tokens of low attention; of what, and below how much, is not published: of the mean over all tokens is assumed. */
export const keepThreshold: Threshold = {
  describe: "the class token's attention to the patch over its mean attention to a token",
  range: [0, Number.MAX_VALUE],
  goesOn: (score, threshold, { heads, rows }) => (score * rows) / heads >= threshold,
};

interface Choice {
  readonly from: number;
  readonly kept: number;
  readonly heads: number;
  readonly scores: string;
}

/** The same patches of what stands beside them. */
function pick(scope: LayerScope, detail: Detail, i: number, { from, kept, heads, scores }: Choice): Detail {
  const change = {
    from: from - 1,
    to: kept,
    width: detail.columns,
    change: 'keep',
    start: 0,
    heads,
  } as const;
  const at = scope.at(`detail${i}`, 'predictor');
  return { ...detail, id: scope.b.tokens(at, detail.id, { ...change, firstAbsent: true }, scores) };
}
