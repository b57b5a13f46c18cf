/** Branches side by side on the same features, and what joins them: sums, gates, means of classifiers, channels side by side. */
import * as z from 'zod';
import { type LayerKind, type LayerList, layerFields } from '../layer-kind.ts';
import { JOINS, joined } from '../layer-parts.ts';

const schema = (layers: LayerList) =>
  z.strictObject({
    ...layerFields('parallel', 'Branches side by side on the same features'),
    branches: z.array(layers).min(2).describe('Layers of each branch; []: what comes in'),
    join: z
      .enum(JOINS)
      .describe(
        'Value by value: their sum, product or mean (a branch of one row counts for every row of a product); concat: their channels side by side',
      ),
  });

export const layer: LayerKind<'parallel', ReturnType<typeof schema>> = {
  kind: 'parallel',
  schema,
  add: (scope, x, { branches, join }) =>
    joined(
      scope,
      branches.map((layers, i) => scope.run(layers, x, ['branches', i], `${i}`)),
      join,
    ),
};
