/** Tables of measured states: means and spreads of conductances by target and by time, interpolated for the levels of a cell. */
import { usageError } from '../base/errors.ts';
import { significant } from '../base/units.ts';

/** One row, in siemens and seconds. */
export interface MeasuredPoint {
  readonly target: number;
  readonly mean: number;
  readonly sigma: number;
  readonly time?: number | undefined;
}

/** Of each level, in level steps. */
export interface MeasuredLevels {
  /** Mean less target. */
  readonly shift: readonly number[];
  readonly sigma: readonly number[];
}

/**
 * Means and spreads of the levels 0 .. maxLevel, which are spread evenly over a range of conductances. Without a time the
 * first of the table counts.
 * @throws TrexError (usage) for conductances and times that were not measured.
 */
export function measuredLevels(
  points: readonly MeasuredPoint[],
  time_s: number | undefined,
  [low, high]: readonly [number, number],
  maxLevel: number,
): MeasuredLevels {
  const step = (high - low) / maxLevel;
  const [before, after, share] = around(timesOf(points), time_s);
  const at = (target: number, of: (point: MeasuredPoint) => number): number =>
    (1 - share) * atTarget(before, target, of) + share * atTarget(after, target, of);
  const targets = levelConductances([low, high], maxLevel);
  return {
    shift: targets.map((target, level) => (at(target, point => point.mean) - low) / step - level),
    sigma: targets.map(target => at(target, point => point.sigma) / step),
  };
}

/** Conductances of the levels 0 .. maxLevel, spread evenly over a range. */
export const levelConductances = ([low, high]: readonly [number, number], maxLevel: number): number[] =>
  Array.from({ length: maxLevel + 1 }, (_, level) => low + level * ((high - low) / maxLevel));

/** The rows of each time, in the order of the times. */
function timesOf(points: readonly MeasuredPoint[]): MeasuredPoint[][] {
  const tables: MeasuredPoint[][] = [];
  for (const point of points) {
    const last = tables.at(-1);
    if (last !== undefined && last[0].time === point.time) last.push(point);
    else tables.push([point]);
  }
  return tables;
}

/** The tables around a time, and how far it lies between them on the logarithm of time. */
function around(
  tables: readonly MeasuredPoint[][],
  time_s: number | undefined,
): [MeasuredPoint[], MeasuredPoint[], number] {
  const [first, last] = [tables[0], tables[tables.length - 1]];
  const [from, to] = [first[0].time, last[0].time];
  if (time_s === undefined) return [first, first, 0];
  if (from === undefined || to === undefined)
    throw usageError('a time after programming, but the table of measured states has no column of times');
  if (time_s < from || time_s > to)
    throw usageError(`measured states: from ${from} to ${to} s after programming, got ${time_s} s`);
  const next = Math.max(
    1,
    tables.findIndex(([{ time }]) => time! >= time_s),
  );
  if (tables.length === 1) return [first, first, 0];
  const [before, after] = [tables[next - 1], tables[next]];
  const [t0, t1] = [before[0].time!, after[0].time!];
  return [before, after, Math.log(time_s / t0) / Math.log(t1 / t0)];
}

/** A number of the rows at a conductance between theirs, linear. @throws TrexError (usage) beyond them. */
export function atTarget<Row extends { readonly target: number }>(
  table: readonly Row[],
  target: number,
  of: (row: Row) => number,
): number {
  const [first, last] = [table[0], table[table.length - 1]];
  // The ends of a range come out of a division.
  const tolerance = 1e-9 * last.target;
  if (target < first.target - tolerance || target > last.target + tolerance) {
    const [got, from, to] = [target, first.target, last.target].map(s => significant(1e6 * s, 4));
    // Cells are taken to be off at level 0 unless something says what they conduct.
    const hint =
      target < first.target ? '; noise.onOff raises level 0 to what cell.offResistance leaves' : '';
    throw usageError(
      `measured states: targets from ${from} to ${to} uS, a level of the cell is at ${got} uS${hint}`,
    );
  }
  const next = Math.max(
    1,
    table.findIndex(point => point.target >= target - tolerance),
  );
  if (table.length === 1) return of(first);
  const [a, b] = [table[next - 1], table[next]];
  return of(a) + ((target - a.target) / (b.target - a.target)) * (of(b) - of(a));
}
