/** A matrix that fills a crossbar in part: rows in use are driven and programmed, columns in use are converted, the rest leaks. */
import type { ComponentName } from './breakdown.ts';
import type { Values } from './components.ts';

/** Rows and columns of a crossbar that hold a matrix. */
export interface Fill {
  readonly rows: number;
  readonly cols: number;
}

/** What a read of a full array takes, as far as its shares ask. */
interface FullRead {
  /** Size of the array. */
  readonly array: Fill;
  /** Conversions of the array and of one of its converters: columns, or groups of them that are merged. */
  readonly scanned: { readonly cols: number; readonly columns: number };
  /** Those of the part that is in use. */
  readonly conversions: number;
  /** What merges slices is charged by the rows. */
  readonly mergedAtCells: boolean;
  /** Rows are driven once for a plane, not once for every column group. */
  readonly once: boolean;
  /** Joules of one conversion of a column, and of what all converters share in one round. */
  readonly conversion_J: number;
  readonly round_J: number;
}

/**
 * Column groups that are converted one after another for `used` of `cols` columns: the mapper lays a matrix on columns of
 * different converters first, since columns are alike. A converter has `columns` columns, the last one what is left.
 */
export function scannedGroups(cols: number, columns: number, used: number): number {
  const converters = Math.ceil(cols / columns);
  if (converters === 1) return used;
  const last = cols - (converters - 1) * columns;
  return Math.max(Math.ceil(used / converters), Math.ceil((used - last) / (converters - 1)));
}

/** Share of each component's energy in a plane of a full array that `fill` takes; lines are as long as the array. */
export function readShares(
  fill: Fill,
  { array, scanned: of, conversions, mergedAtCells, once, conversion_J, round_J }: FullRead,
): Values {
  const rows = fill.rows / array.rows;
  const cols = fill.cols / array.cols;
  const all = scannedGroups(of.cols, of.columns, of.cols);
  const scanned = scannedGroups(of.cols, of.columns, conversions);
  const groups = scanned / all;
  const driven = once ? rows : rows * groups;
  const full_J = of.cols * conversion_J + all * round_J;
  const converted = full_J > 0 ? (conversions * conversion_J + scanned * round_J) / full_J : cols;
  return {
    driver: driven,
    dac: driven,
    levelShifter: 1,
    array: driven,
    cells: rows * cols,
    columnSwitch: cols,
    mux: groups,
    sampleHold: cols,
    merge: (conversions / of.cols) * (mergedAtCells ? rows : 1),
    adc: converted,
    adderTree: rows * cols,
    shiftAdd: cols,
  } satisfies Record<ComponentName, number>;
}
