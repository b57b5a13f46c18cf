/** Columns of matrices: some of them, and matrices side by side. No arithmetic, row by row. */
import type { GraphBuilder, Place } from './builder.ts';

/** Some of the columns of a matrix. */
export interface Columns {
  readonly start: number;
  readonly size: number;
}

/** Of rows x `columns`, the columns that `take` names. */
export function takeColumns(
  b: GraphBuilder,
  place: Place,
  input: string,
  { rows, columns, take }: { rows: number; columns: number; take: Columns },
): string {
  if (take.size === columns) return input;
  const order = { parts: [{ rows, columns }], join: 'columns', dims: [rows, columns], axes: [0, 1] } as const;
  return b.layout(place, [input], { ...order, take: { dim: 1, ...take }, rows, columns: take.size }, true);
}

/** Matrices of `rows` rows and so many columns each, side by side. */
export function joinColumns(
  b: GraphBuilder,
  place: Place,
  inputs: readonly string[],
  rows: number,
  widths: readonly number[],
): string {
  if (inputs.length === 1) return inputs[0];
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const parts = widths.map(width => ({ rows, columns: width }));
  const order = { parts, join: 'columns', dims: [rows, columns], axes: [0, 1], rows, columns } as const;
  return b.layout(place, inputs, order, true);
}

/**
 * Matrices that are `groups` groups of columns each, and equally wide, side by side group by group: all first groups, then
 * all second ones.
 */
export function interleaveColumns(
  b: GraphBuilder,
  place: Place,
  inputs: readonly string[],
  { rows, groups, width }: { rows: number; groups: number; width: number },
): string {
  if (inputs.length === 1) return inputs[0];
  const parts = inputs.map(() => ({ rows, columns: groups * width }));
  const dims = [rows, inputs.length, groups, width];
  const columns = inputs.length * groups * width;
  const order = { parts, join: 'columns', dims, axes: [0, 2, 1, 3], rows, columns } as const;
  return b.layout(place, inputs, order, true);
}
