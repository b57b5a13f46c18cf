/** The same layers several times, each time with weights of their own. */
import * as z from 'zod';
import { type LayerKind, type LayerList, layerFields, someLayers } from '../layer-kind.ts';
import { positiveInt } from '../model-fields.ts';

const schema = (layers: LayerList) =>
  z.strictObject({
    ...layerFields('repeat', 'The same layers several times'),
    times: positiveInt.max(256).describe('How often; each time has weights of its own'),
    layers: someLayers(layers),
  });

export const layer: LayerKind<'repeat', ReturnType<typeof schema>> = {
  kind: 'repeat',
  schema,
  add(scope, x, { times, layers }) {
    let y = x;
    for (let i = 0; i < times; i++) y = scope.run(layers, y, 'layers', `${i}`);
    return y;
  },
};
