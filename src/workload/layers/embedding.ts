/** Learned rows in front of the others, and a position for each row (ViT, arXiv 2010.11929). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';

const schema = z.strictObject({
  ...layerFields('embedding', 'Learned tokens in front, and positions'),
  learned: z.int().nonnegative().default(1).describe('Learned rows in front'),
  positions: z.enum(['all', 'none']).default('all').describe('Rows that have a learned position'),
});

export const layer: LayerKind<'embedding', typeof schema> = {
  kind: 'embedding',
  schema: () => schema,
  add(scope, x, { learned, positions }) {
    const { rows: from, columns: width } = x;
    const rows = from + learned;
    const change = { from, to: rows, width, change: 'prepend', start: 0 } as const;
    const given = scope.idOf(x);
    const tokens = learned === 0 ? given : scope.b.tokens(scope.at('class', 'embedding'), given, change);
    const y = { ...x, id: tokens, rows, learned: x.learned + learned };
    if (positions === 'none') return y;
    const shape = { rows, rowLength: width, parameters: rows * width };
    return { ...y, id: scope.b.vector(scope.at('position', 'embedding'), 'add', [tokens], shape) };
  },
};
