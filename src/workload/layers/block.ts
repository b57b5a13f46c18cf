/** Layers that stand together as one encoder: numbered with the encoders, in tables and breakdowns. */
import * as z from 'zod';
import { type LayerKind, type LayerList, layerFields, someLayers } from '../layer-kind.ts';

const schema = (layers: LayerList) =>
  z.strictObject({
    ...layerFields('block', 'Layers that are numbered as one encoder'),
    layers: someLayers(layers),
  });

export const layer: LayerKind<'block', ReturnType<typeof schema>> = {
  kind: 'block',
  schema,
  add: (scope, x, { layers }) => scope.nextEncoder().run(layers, x, 'layers'),
};
