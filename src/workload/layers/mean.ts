/** The mean of all rows: global average pooling. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';

const schema = z.strictObject({ ...layerFields('mean', 'The mean of all rows') });

export const layer: LayerKind<'mean', typeof schema> = {
  kind: 'mean',
  schema: () => schema,
  add(scope, x) {
    const id = scope.b.vector(scope.at('', 'pool'), 'mean', [scope.idOf(x)], {
      rows: x.rows,
      rowLength: x.columns,
    });
    return { id, rows: 1, columns: x.columns, grid: undefined, learned: 0 };
  },
};
