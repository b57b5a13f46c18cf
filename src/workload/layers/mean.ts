/** The mean of all rows: global average pooling. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { addMean } from '../layer-parts.ts';

const schema = z.strictObject({ ...layerFields('mean', 'The mean of all rows') });

export const layer: LayerKind<'mean', typeof schema> = {
  kind: 'mean',
  schema: () => schema,
  add: (scope, x) => addMean(scope, '', x),
};
