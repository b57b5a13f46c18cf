/** A grouped op as matrices on the diagonal of arrays: which filter a group has, and how many groups an array holds. */
import { filtersOf } from './count.ts';
import type { GroupedOp } from './op.ts';

/** The learned filter that a group has. */
export function filterOf(op: GroupedOp, group: number): number {
  const filters = filtersOf(op);
  return op.copies?.order === 'runs' ? Math.floor((group * filters) / op.groups) : group % filters;
}

/** Groups that stand on the diagonal of one array of rows x cols weights; one where a group alone is larger. */
export const groupsPerArray = (
  { groups, in: rowsOfGroup, out }: Pick<GroupedOp, 'groups' | 'in' | 'out'>,
  rows: number,
  cols: number,
): number => Math.min(groups, Math.max(1, Math.min(Math.floor(rows / rowsOfGroup), Math.floor(cols / out))));

/** So many neighbouring groups, from `first` on. */
export interface GroupRange {
  readonly first: number;
  readonly groups: number;
}

/** All groups, `perArray` together; the last ones may be fewer. */
export const groupRanges = (groups: number, perArray: number): GroupRange[] =>
  Array.from({ length: Math.ceil(groups / perArray) }, (_, i) => ({
    first: i * perArray,
    groups: Math.min(perArray, groups - i * perArray),
  }));
