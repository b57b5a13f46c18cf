/** What comes in, plus what its layers make of it. */
import * as z from 'zod';
import { type LayerKind, type LayerList, layerFields, someLayers } from '../layer-kind.ts';
import { addSum } from '../layer-parts.ts';

const schema = (layers: LayerList) =>
  z.strictObject({
    ...layerFields('residual', 'What comes in, plus what its layers make of it'),
    layers: someLayers(layers).describe('The branch'),
    shortcut: layers.optional().describe('Layers on what comes in before it is added; absent: none'),
  });

export const layer: LayerKind<'residual', ReturnType<typeof schema>> = {
  kind: 'residual',
  schema,
  add(scope, x, { layers, shortcut = [] }) {
    const branch = scope.run(layers, x, 'layers');
    return addSum(scope, 'sum', scope.run(shortcut, x, 'shortcut', 'shortcut'), branch);
  },
};
