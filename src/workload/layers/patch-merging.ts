/** Four neighbours become one: side by side, a LayerNorm, and a layer to fewer channels (Swin, arXiv 2103.14030; microsoft/Swin-Transformer PatchMerging). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { addNorm, linear } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';

const schema = z.strictObject({
  ...layerFields('patch-merging', '2 x 2 pixels side by side, a LayerNorm, and a layer without bias'),
  out: positiveInt.optional().describe('Channels afterwards; absent: twice as many as come in'),
});

export const layer: LayerKind<'patch-merging', typeof schema> = {
  kind: 'patch-merging',
  schema: () => schema,
  add(scope, x, { out = 2 * x.columns }) {
    const { grid: from, learned, columns: channels } = x;
    if (from === undefined || learned > 0)
      return scope.refuse('pixels are merged in an image, without tokens in front');
    if (from.height % 2 !== 0 || from.width % 2 !== 0)
      return scope.refuse(`${from.height} x ${from.width} pixels are not even, so they cannot be merged`);
    const grid = { height: from.height / 2, width: from.width / 2 };
    const [rows, columns] = [grid.height * grid.width, 4 * channels];
    // Columns as in checkpoints: upper left, lower left, upper right, lower right.
    const id = scope.b.layout(scope.at('pixels', 'conv'), [scope.idOf(x)], {
      parts: [{ rows: x.rows, columns: channels }],
      join: 'columns',
      dims: [grid.height, 2, grid.width, 2, channels],
      axes: [0, 2, 3, 1, 4],
      rows,
      columns,
    });
    const merged = addNorm(scope, { ...x, id, rows, columns, grid, map: undefined }, 'layernorm');
    return { ...merged, id: linear(scope, scope.at('', 'conv'), merged, out, false), columns: out };
  },
};
