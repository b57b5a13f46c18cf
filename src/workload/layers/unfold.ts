/** Windows of an image as rows: each pixel with its neighbours, which may be in several windows (T2T-ViT's soft split, arXiv 2101.11986). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { paddingField, sideField, windowOf } from '../layer-window.ts';
import { areaOf } from '../size.ts';

const schema = z.strictObject({
  ...layerFields('unfold', 'Each window of the image as one row: channel, row, column'),
  kernel: sideField.describe('Side of the window, or [height, width], pixels'),
  stride: sideField.optional().describe('Stride, or [down, across], pixels; absent: the kernel'),
  padding: paddingField.default(0).describe('Zeros on each side, or [above and below, left and right]'),
});

export const layer: LayerKind<'unfold', typeof schema> = {
  kind: 'unfold',
  schema: () => schema,
  add(scope, x, { kernel, stride = kernel, padding }) {
    const window = windowOf(scope, x, { kernel, stride, padding });
    const { output: grid } = window;
    const [rows, columns] = [areaOf(grid), areaOf(window.kernel) * x.columns];
    const id = scope.b.layout(scope.at('', 'conv'), x.id === null ? [] : [x.id], {
      parts: [{ rows: x.rows, columns: x.columns }],
      join: 'rows',
      window,
      dims: [rows, columns],
      axes: [0, 1],
      rows,
      columns,
    });
    return { ...x, id, rows, columns, grid, map: undefined };
  },
};
