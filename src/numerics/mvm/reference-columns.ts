/** The reference columns of arrays: their cells, taken off the columns of weights, and merged as these are where slices are merged. */
import type { StreamKey } from '../../base/random.ts';
import type { TermEffect } from '../../tech/noise-effects.ts';
import { levelStep } from './arrays.ts';
import { eachMerged, type MergedColumns, placeValues } from './merge.ts';
import type { MvmPlan } from './spec.ts';

/** The reference column of each physical array, [block][slice][array beside each other][row], before anything acts on it. */
export interface ReferenceColumns {
  /** Columns of weights that share one. */
  readonly width: number;
  readonly g: Int32Array;
  /** As large as its noise: of merged slices the root of their squares. */
  readonly norms: Int32Array | Float64Array;
}

type Merge = (
  g: Int32Array,
  columns: number,
  of: MergedColumns,
) => { readonly g: Int32Array; readonly norms: Float64Array };

/** Merges the slices of cells [block][slice][row][column]: conductances in units of the plan's levels, and what their noise follows. */
export function merger(plan: MvmPlan, cells: MvmPlan, effects: readonly TermEffect[], key: StreamKey): Merge {
  const scale = levelStep(plan) / levelStep(cells);
  return (from, columns, of) => {
    const size = plan.blocks * plan.slices * plan.spec.arrayRows * columns;
    const [g, norms] = [new Int32Array(size), new Float64Array(size)];
    const places = placeValues(plan, effects, key, of);
    eachMerged(from, { plan, columns, places, scale }, (at, sum, norm) => {
      g[at] = Math.round(sum);
      norms[at] = norm;
    });
    return { g, norms };
  };
}

/** As cells with a column for each array beside others, and back. */
export function mergedReferences(
  plan: MvmPlan,
  { width, g }: ReferenceColumns,
  merge: Merge,
): ReferenceColumns {
  const beside = Math.ceil(plan.spec.cols / width);
  const rows = plan.spec.arrayRows;
  const turned = merge(turn(g, beside, rows), beside, 'references');
  return { width, g: turn(turned.g, rows, beside), norms: turn(turned.norms, rows, beside) };
}

/** Blocks of [outer][inner] as [inner][outer]. */
function turn<T extends Int32Array | Float64Array>(from: T, outer: number, inner: number): T {
  const to = from.slice() as T;
  const size = outer * inner;
  for (let start = 0; start < from.length; start += size)
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) to[start + i * outer + o] = from[start + o * inner + i];
  return to;
}

export function physicalColumns({ spec }: MvmPlan, width: number, cells: Int32Array): ReferenceColumns {
  const beside = Math.ceil(spec.cols / width);
  const rows = spec.arrayRows;
  const g = new Int32Array(cells.length * beside);
  for (let array = 0; array < cells.length / rows; array++)
    for (let i = 0; i < beside; i++)
      g.set(cells.subarray(array * rows, (array + 1) * rows), (array * beside + i) * rows);
  return { width, g, norms: g };
}

/** Visits all cells with the reference cell of their row. */
function eachWithReference(
  { spec }: MvmPlan,
  { width }: ReferenceColumns,
  reference: Int32Array | Float64Array,
  visit: (i: number, reference: number) => void,
): void {
  const { cols, arrayRows } = spec;
  const beside = Math.ceil(cols / width);
  const arrays = reference.length / beside / arrayRows;
  for (let array = 0, i = 0; array < arrays; array++)
    for (let row = 0; row < arrayRows; row++)
      for (let col = 0; col < cols; col++, i++)
        visit(i, reference[(array * beside + Math.floor(col / width)) * arrayRows + row]);
}

/** Subtracts from every column the reference column of its array. */
export function subtractReference(g: Int32Array, plan: MvmPlan, columns: ReferenceColumns): void {
  eachWithReference(plan, columns, columns.g, (i, reference) => {
    g[i] -= reference;
  });
}

/** A cell and its reference cell as one whose square is the sum of theirs. */
export function withReference(
  g: Int32Array | Float64Array,
  plan: MvmPlan,
  columns: ReferenceColumns,
): Float64Array {
  const together = new Float64Array(g.length);
  eachWithReference(plan, columns, columns.norms, (i, reference) => {
    together[i] = Math.sqrt(g[i] * g[i] + reference * reference);
  });
  return together;
}
