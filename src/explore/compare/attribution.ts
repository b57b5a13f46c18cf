/** What makes a difference: settings first, then energy and area by component and latency by what was waited for, in the order of their size. */
import type { Attribution, Cause, Difference } from '../../report/comparison.ts';
import type { Result } from '../../report/result.ts';
import { type Tick, toSeconds } from '../../sim/tick.ts';

/** One run, as its differences are taken. */
export interface RunFigures {
  readonly name: string;
  readonly result: Result;
  /** Ticks of the latency by what was waited for. */
  readonly waits: ReadonlyMap<string, Tick>;
}

export function attributeDifference(
  first: RunFigures,
  other: RunFigures,
  causes: readonly Cause[],
): Attribution {
  const component = (of: 'energy_J' | 'area_m2') =>
    difference(
      new Map(first.result.breakdown.component.map(row => [row.name, row[of] ?? 0])),
      new Map(other.result.breakdown.component.map(row => [row.name, row[of] ?? 0])),
    );
  return {
    name: other.name,
    causes,
    energy: component('energy_J'),
    latency: difference(seconds(first.waits), seconds(other.waits)),
    area: component('area_m2'),
  };
}

const seconds = (ticks: ReadonlyMap<string, Tick>): ReadonlyMap<string, number> =>
  new Map([...ticks].map(([name, time]) => [name, toSeconds(time)]));

/** Parts of two wholes against each other; the differences of the rows sum to that of the wholes. */
export function difference(
  first: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): Difference {
  const sum = (parts: ReadonlyMap<string, number>): number => [...parts.values()].reduce((s, v) => s + v, 0);
  const [before, after] = [sum(first), sum(other)];
  const whole = after - before;
  const names = [...new Set([...first.keys(), ...other.keys()])];
  const rows = names
    .map(name => {
      const [a, b] = [first.get(name) ?? 0, other.get(name) ?? 0];
      return { name, first: a, other: b, difference: b - a, share: whole === 0 ? null : (b - a) / whole };
    })
    .filter(row => row.first !== 0 || row.other !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  return { first: before, other: after, difference: whole, rows };
}
