/** A function of every value. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { addActivation, LAYER_ACTIVATIONS, type LayerActivation } from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('activation', 'A function of every value'),
  fn: z.enum(Object.keys(LAYER_ACTIVATIONS) as LayerActivation[]).describe('Which'),
});

export const layer: LayerKind<'activation', typeof schema> = {
  kind: 'activation',
  schema: () => schema,
  add: (scope, x, { fn }) => addActivation(scope, x, fn),
};
