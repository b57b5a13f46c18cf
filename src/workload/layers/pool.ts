/** Mean or maximum of windows of an image. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { paddingField, sideField, windowOf } from '../layer-window.ts';
import { areaOf } from '../size.ts';

const schema = z.strictObject({
  ...layerFields('pool', 'Mean or maximum of windows of the image that the rows are'),
  by: z.enum(['mean', 'max']).describe('What a window gives; zeros of the padding count in its mean'),
  kernel: sideField.describe('Side of the window, or [height, width], pixels'),
  stride: sideField.optional().describe('Stride, or [down, across], pixels; absent: the kernel'),
  padding: paddingField.default(0).describe('Pixels on each side, or [above and below, left and right]'),
});

export const layer: LayerKind<'pool', typeof schema> = {
  kind: 'pool',
  schema: () => schema,
  add(scope, x, { by, kernel, stride = kernel, padding }) {
    const window = windowOf(scope, x, { kernel, stride, padding });
    const { output: grid } = window;
    const shape = { rows: x.rows, rowLength: x.columns, window };
    const fn = by === 'mean' ? 'avgpool' : 'maxpool';
    const id = scope.b.vector(scope.at('', 'pool'), fn, [scope.idOf(x)], shape);
    return { id, rows: areaOf(grid), columns: x.columns, grid, learned: 0 };
  },
};
