/** Goes on with what was stored under a name. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { streamName } from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('recall', 'Goes on with what was stored under a name'),
  stream: streamName.describe('Name of the stream'),
});

export const layer: LayerKind<'recall', typeof schema> = {
  kind: 'recall',
  schema: () => schema,
  add: (scope, _, { stream }) => scope.stream(stream, 'stream'),
};
