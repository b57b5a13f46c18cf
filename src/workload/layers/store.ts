/** Keeps what is there under a name, for layers further on: the tokens of a second stream (ViTTM, arXiv 2409.07613). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { streamName } from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('store', 'Keeps what is there under a name; it goes on as it is'),
  as: streamName.describe('Name of the stream; one that there is already is replaced'),
});

export const layer: LayerKind<'store', typeof schema> = {
  kind: 'store',
  schema: () => schema,
  add(scope, x, { as }) {
    scope.state.streams.set(as, x);
    return x;
  },
};
