/** One row of all: the class token. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';

const schema = z.strictObject({
  ...layerFields('token', 'One row of all'),
  index: z.int().nonnegative().default(0).describe('Which, from 0: the class token'),
});

export const layer: LayerKind<'token', typeof schema> = {
  kind: 'token',
  schema: () => schema,
  add(scope, x, { index }) {
    if (index >= x.rows) scope.refuse(`row ${index} of ${x.rows} rows (0-based)`, 'index');
    const change = { from: x.rows, to: 1, width: x.columns, change: 'slice', start: index } as const;
    const id = scope.b.tokens(scope.at('', 'pool'), scope.idOf(x), change);
    return { id, rows: 1, columns: x.columns, grid: undefined, learned: 0 };
  },
};
