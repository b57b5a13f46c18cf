/** Tokens grow: what their patches have not shown yet is embedded and put beside what they have (IRET, GLSVLSI 2024; side by side is assumed). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { sideBySide } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';

const schema = z.strictObject({
  ...layerFields('lift', "More columns, embedded from the next detail bands of the tokens' patches"),
  out: positiveInt.describe('Columns afterwards; more than before'),
});

export const layer: LayerKind<'lift', typeof schema> = {
  kind: 'lift',
  schema: () => schema,
  add(scope, x, { out }) {
    const { rows, columns, learned, details: [detail, ...left] = [] } = x;
    const more = out - columns;
    if (more <= 0) scope.refuse(`an embedding of ${columns} cannot become one of ${out}: it grows`, 'out');
    if (detail === undefined)
      return scope.refuse('no detail bands are left: a lifting layer makes one for each of its levels');
    const patches = rows - learned;
    const { b } = scope;
    const shape = { rows: patches, in: detail.columns, out: more };
    let id = b.linear(scope.at('embedding', 'embedding'), detail.id, shape);
    if (learned > 0) {
      const change = { from: patches, to: rows, width: more, change: 'prepend', start: 0 } as const;
      id = b.tokens(scope.at('class', 'embedding'), id, change);
    }
    return { ...sideBySide(scope, [x, { ...x, id, columns: more }]), details: left, map: undefined };
  },
};
