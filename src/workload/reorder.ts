/** Common changes of the order of values, as layout ops: reshape, transpose, cut out, join. */
import type { GraphBuilder, Place } from './builder.ts';
import type { Shape } from './check.ts';

/** A matrix and the op that gives it. */
export interface Values extends Shape {
  readonly id: string;
}

/** The values of `x`, row by row, as another matrix of as many. */
export function reshaped(b: GraphBuilder, at: Place, x: Values, to: Shape): Values {
  return permuted(b, at, x, { dims: [x.rows * x.columns], axes: [0] }, to);
}

/** The values of `x` cut into `dims`, those in the order of `axes`, read as another matrix. */
export function permuted(
  b: GraphBuilder,
  at: Place,
  x: Values,
  order: {
    readonly dims: readonly number[];
    readonly axes: readonly number[];
    readonly take?: { readonly dim: number; readonly start: number; readonly size: number };
  },
  { rows, columns }: Shape,
): Values {
  const parts = [{ rows: x.rows, columns: x.columns }];
  const id = b.layout(at, [x.id], { parts, join: 'rows', ...order, rows, columns });
  return { id, rows, columns };
}

/** The rows of all, one below the other. */
export function joinedRows(b: GraphBuilder, at: Place, all: readonly Values[]): Values {
  const [{ columns }] = all;
  const parts = all.map(({ rows, columns }) => ({ rows, columns }));
  const rows = all.reduce((sum, x) => sum + x.rows, 0);
  const order = { parts, join: 'rows', dims: [rows, columns], axes: [0, 1], rows, columns } as const;
  const id = b.layout(
    at,
    all.map(x => x.id),
    order,
  );
  return { id, rows, columns };
}
