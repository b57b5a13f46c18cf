/** A norm by itself. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { addNorm } from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('norm', 'A norm by itself'),
  by: z
    .enum(['layernorm', 'batchnorm'])
    .default('layernorm')
    .describe('Of each row, or of each column over all images'),
  eps: z.number().positive().optional().describe("Its epsilon; absent: PyTorch's 1e-5"),
});

export const layer: LayerKind<'norm', typeof schema> = {
  kind: 'norm',
  schema: () => schema,
  add: (scope, x, { by, eps }) => addNorm(scope, x, by, eps),
};
