/** Mixture of experts: each row goes to the best of several lists of layers (Shazeer et al., arXiv 1701.06538; Mixtral, arXiv 2401.04088; ShiftAddViT, arXiv 2306.06446). */
import * as z from 'zod';
import { addExperts, routeFields } from '../experts.ts';
import { type LayerKind, type LayerList, layerFields, someLayers } from '../layer-kind.ts';
import type { LayerScope } from '../layer-scope.ts';
import { positiveInt } from '../model-fields.ts';
import type { Op, VectorOp } from '../op.ts';
import { functionOf } from '../vector-functions.ts';

const schema = (layers: LayerList) =>
  z.strictObject({
    ...layerFields('experts', 'Each row goes to the best of several experts, by a router that is learned'),
    experts: z.array(someLayers(layers)).min(1).describe('Layers of each expert, which work on single rows'),
    copies: positiveInt
      .max(2 ** 10)
      .default(1)
      .describe('So many experts of each list, with weights of their own'),
    ...routeFields,
  });

export const layer: LayerKind<'experts', ReturnType<typeof schema>> = {
  kind: 'experts',
  schema,
  add(scope, x, { experts: lists, copies, ...route }) {
    const given = { id: scope.idOf(x), rows: x.rows, columns: x.columns };
    const options = { ...route, experts: lists.length * copies };
    const single = { grid: undefined, learned: 0, map: undefined, details: undefined };
    let columns = 0;
    const id = scope.refusing(() =>
      addExperts(
        scope.b,
        name => scope.at(name, 'predictor'),
        given,
        options,
        (expert, own) => {
          const list = Math.floor(expert / copies);
          const before = scope.b.ops.length;
          const y = scope.run(lists[list], { ...x, ...single, ...own }, ['experts', list], `expert${expert}`);
          checkRows(scope, scope.b.ops.slice(before), list);
          columns = y.columns;
          return { id: scope.idOf(y), rows: y.rows, columns };
        },
      ),
    );
    return { ...x, id, columns, map: undefined };
  },
};

/** A learned value for each row, not for each column. */
const learnsRows = (op: VectorOp): boolean =>
  op.parameters > 0 && ['rows', 'factors'].includes(functionOf(op).learns) && op.second !== 'row';

/** How many rows an expert gets is known when they are there: what looks at other rows, or at how many there are, cannot be in it. */
function checkRows(scope: LayerScope, ops: readonly Op[], list: number): void {
  for (const op of ops) {
    const single =
      op.kind === 'static' || op.kind === 'grouped'
        ? op.conv === undefined
        : op.kind === 'vector' &&
          op.reduce !== 'column' &&
          op.window === undefined &&
          op.grid === undefined &&
          !learnsRows(op);
    if (!single) scope.refuse(`${op.id} does not work on single rows, as an expert must`, 'experts', list);
  }
}
