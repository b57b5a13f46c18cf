/** A learned factor of each channel (LayerScale: Touvron et al., arXiv 2103.17239). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';

const schema = z.strictObject({ ...layerFields('scale', 'A learned factor of each channel') });

export const layer: LayerKind<'scale', typeof schema> = {
  kind: 'scale',
  schema: () => schema,
  add(scope, x) {
    const { rows, columns } = x;
    const shape = { rows, rowLength: columns, parameters: columns, second: 'row' } as const;
    return { ...x, id: scope.b.vector(scope.at('', 'norm'), 'multiply', [scope.idOf(x)], shape) };
  },
};
