/** Sequence pooling: the mean of all rows, weighted by the softmax of a score that each row gives itself (CCT, arXiv 2104.05704, section 3.3). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { linear } from '../layer-parts.ts';
import { reshaped } from '../reorder.ts';

const schema = z.strictObject({
  ...layerFields('sequence-pool', 'The mean of all rows, weighted by the softmax of a learned score of each'),
});

export const layer: LayerKind<'sequence-pool', typeof schema> = {
  kind: 'sequence-pool',
  schema: () => schema,
  add(scope, x) {
    const { b } = scope;
    const { rows, columns } = x;
    const given = scope.idOf(x);
    const scores = { id: linear(scope, scope.at('score', 'mlp'), x, 1), rows, columns: 1 };
    const row = reshaped(b, scope.at('row', 'softmax'), scores, { rows: 1, columns: rows });
    const map = b.vector(scope.at('softmax', 'softmax'), 'softmax', [row.id], { rows: 1, rowLength: rows });
    const shape = { batch: 1, m: 1, k: rows, n: columns, transposed: false };
    const id = b.dynamic(scope.at('sum', 'sv'), map, given, shape);
    return { id, rows: 1, columns, grid: undefined, learned: 0 };
  },
};
