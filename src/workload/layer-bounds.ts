/** What the ops of a layer must keep to: names of their own, and sizes far above those of any network that was ever trained. */
import { outputShape } from './check.ts';
import type { LayerScope } from './layer-scope.ts';

/** Each row is simulated; an image of 1024 x 1024 pixels has as many. */
const MOST_ROWS = 2 ** 20;
/** Columns of what comes out: heads times windows times their tokens. */
const MOST_COLUMNS = 2 ** 17;
/** Inputs of a matrix: kernel times channels. */
const MOST_INPUTS = 2 ** 20;
/** Each is placed and simulated; large networks have some thousands. */
const MOST_OPS = 2 ** 15;

/** Checks the ops that were added since the last call. @throws LayerProblem */
export function checkOps(scope: LayerScope): void {
  const { b, names } = scope.state;
  if (b.ops.length > MOST_OPS) scope.refuse(`the network has more than ${MOST_OPS} operations`);
  for (const op of b.ops.slice(names.size)) {
    if (names.has(op.id))
      scope.refuse(
        op.encoder !== null && op.id.startsWith(`e${op.encoder}.`)
          ? `a second ${op.id} in block ${op.encoder}: one attention stands in a block`
          : `two operations would be ${op.id}: give one of the layers another name`,
      );
    names.add(op.id);
    const { rows, columns } = outputShape(op);
    if (rows > MOST_ROWS) scope.refuse(`${rows} rows are more than ${MOST_ROWS}: each is simulated`);
    if (columns > MOST_COLUMNS) scope.refuse(`${columns} columns are more than ${MOST_COLUMNS}`);
    if ((op.kind === 'static' || op.kind === 'grouped') && op.in > MOST_INPUTS)
      scope.refuse(`a matrix of ${op.in} inputs has more than ${MOST_INPUTS}`);
  }
}
