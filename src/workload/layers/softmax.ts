/** Softmax of each row, over its channels: AttendNeXt's attention condensers weigh channels by it (arXiv 2208.06980). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';

const schema = z.strictObject({ ...layerFields('softmax', 'Softmax of each row, over its channels') });

export const layer: LayerKind<'softmax', typeof schema> = {
  kind: 'softmax',
  schema: () => schema,
  add(scope, x) {
    const shape = { rows: x.rows, rowLength: x.columns };
    return { ...x, id: scope.b.vector(scope.at('', 'softmax'), 'softmax', [scope.idOf(x)], shape) };
  },
};
