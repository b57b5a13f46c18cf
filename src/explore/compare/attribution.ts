/** What makes a difference: energy and area by component, latency by the unit at work, in the order of their size. */
import type { StepKind } from '../../hw/program.ts';
import type { Attribution, Difference } from '../../report/comparison.ts';
import type { LayerRow, Result } from '../../report/result.ts';
import { toSeconds, toTicks } from '../../sim/tick.ts';

/** What the units are called in the breakdown by component. */
const UNIT: Readonly<Record<StepKind, string>> = {
  read: 'crossbar.read',
  write: 'crossbar.write',
  softmax: 'softmax',
  vector: 'vector',
  fetch: 'dram',
  store: 'dram',
};
const IDLE = 'between steps';

/** One run, as its differences are taken. */
export interface RunFigures {
  readonly name: string;
  readonly result: Result;
  readonly layers: readonly LayerRow[];
}

export function attributeDifference(first: RunFigures, other: RunFigures): Attribution {
  const component = (of: 'energy_J' | 'area_m2') =>
    difference(
      new Map(first.result.breakdown.component.map(row => [row.name, row[of] ?? 0])),
      new Map(other.result.breakdown.component.map(row => [row.name, row[of] ?? 0])),
    );
  const time = (labelOf: (row: LayerRow) => string) =>
    difference(
      timeByLabel(first.layers, first.result.latency_s, labelOf),
      timeByLabel(other.layers, other.result.latency_s, labelOf),
    );
  return {
    name: other.name,
    energy: component('energy_J'),
    latency: time(row => UNIT[row.kind]),
    latencyByStage: time(row => row.stage),
    area: component('area_m2'),
  };
}

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

/**
 * Seconds of the latency by label: a moment belongs to the steps that are at work in it, in equal parts; a moment in
 * which nothing is at work has a row of its own. The rows sum to the latency.
 */
export function timeByLabel(
  layers: readonly LayerRow[],
  latency_s: number,
  labelOf: (row: LayerRow) => string,
): Map<string, number> {
  // In whole ticks, so that equal times are equal.
  const edges = layers
    .map(row => ({ start: toTicks(row.start_s), end: toTicks(row.end_s), label: labelOf(row) }))
    .filter(({ start, end }) => end > start)
    .flatMap(({ start, end, label }) => [
      { at: start, label, change: 1 },
      { at: end, label, change: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const times = new Map<string, number>();
  const add = (label: string, ticks: number): void => {
    times.set(label, (times.get(label) ?? 0) + ticks);
  };
  const active = new Map<string, number>();
  let count = 0;
  let last = 0;
  for (const { at, label, change } of edges) {
    if (at > last) {
      for (const [name, steps] of active) add(name, ((at - last) * steps) / count);
      if (count === 0) add(IDLE, at - last);
    }
    last = at;
    count += change;
    const steps = (active.get(label) ?? 0) + change;
    if (steps === 0) active.delete(label);
    else active.set(label, steps);
  }
  const whole = toTicks(latency_s);
  if (whole > last) add(IDLE, whole - last);
  return new Map([...times].map(([label, ticks]) => [label, toSeconds(ticks)]));
}
