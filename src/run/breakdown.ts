/** Energy, time and area of a run by component, step, stage and encoder. */

import type { InventoryRow } from '../arch/accounting-switches.ts';
import { sum } from '../base/sum.ts';
import type { ComponentId } from '../hw/components.ts';
import type { Step } from '../hw/program.ts';
import type { BreakdownRow, ComponentName, LayerRow } from '../report/result.ts';
import { toSeconds } from '../sim/tick.ts';
import { macs } from '../workload/count.ts';
import type { Machine, Outcome } from './machine.ts';

/** What the rows of a breakdown by component are taken from. */
interface Counted {
  /** Of all images, by what their actions are charged to. */
  readonly energies: ReadonlyMap<ComponentId, number>;
  readonly inventory: readonly InventoryRow[];
  readonly images: number;
  /** From one image to the next. */
  readonly period_s: number;
}

/** Energy of one image and area, by component; the leakage of all components is one row. */
export function componentRows(counted: Counted): BreakdownRow<ComponentName>[] {
  const { energies, inventory, images, period_s } = counted;
  const energy = new Map(energies);
  for (const { component, power_W = 0 } of inventory)
    if (power_W > 0) energy.set(component, (energy.get(component) ?? 0) + images * power_W * period_s);
  const area = new Map(inventory.map(row => [row.component, row.area_m2]));
  const leakage_J = sum(inventory, row => row.leakage_W) * period_s;
  const names = new Set<ComponentId>([...energy.keys(), ...area.keys()]);
  names.delete('crossbar.leakage');
  const rows = [...names].map(name => ({
    name,
    energy_J: (energy.get(name) ?? 0) / images,
    area_m2: area.get(name) ?? 0,
  }));
  const leakage: BreakdownRow<ComponentName> = { name: 'leakage', energy_J: leakage_J, area_m2: 0 };
  return [...rows.filter(row => row.energy_J > 0 || row.area_m2 > 0), leakage];
}

/** One row per step, of the last image of a batch; `energies`: joules of one image, by step. */
export function layerRows(
  { steps, graph, placement, batch }: Machine,
  { times }: Outcome,
  energies: readonly number[],
) {
  const ops = new Map(graph.ops.map(op => [op.id, op]));
  const last = batch === 1 ? steps : steps.filter(({ image = batch - 1 }) => image === batch - 1);
  const ofAll = new Map<string, number>();
  if (batch > 1) for (const { id, index } of steps) ofAll.set(id, (ofAll.get(id) ?? 0) + energies[index]);
  return last.map((step: Step): LayerRow => {
    const layer = step.layer === undefined ? undefined : placement.layers.get(step.layer);
    const op = ops.get(step.id);
    return {
      step: step.id,
      stage: step.stage,
      encoder: step.encoder,
      kind: step.kind,
      jobs: step.jobs,
      start_s: toSeconds(times[step.index].start),
      end_s: toSeconds(times[step.index].end),
      energy_J: ofAll.get(step.id) ?? energies[step.index],
      crossbars: layer?.crossbars ?? 0,
      tiles: layer?.tiles.length ?? 0,
      macs: step.macs ?? (op === undefined ? 0 : macs(op)),
      elements: step.vector === undefined ? 0 : step.jobs * step.vector.rowLength * step.vector.rows,
    };
  });
}

/** Energy by name, and the time in which at least one step of the name was at work; in the order of first appearance. */
export function grouped(rows: readonly LayerRow[], nameOf: (row: LayerRow) => string): BreakdownRow[] {
  const groups = new Map<string, LayerRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => ({
    name,
    energy_J: sum(group, row => row.energy_J),
    time_s: busyTime(group),
  }));
}

/** Length of the union of the steps' times. */
function busyTime(rows: readonly LayerRow[]): number {
  let time_s = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start_s, end_s } of rows.toSorted((a, b) => a.start_s - b.start_s)) {
    time_s += Math.max(0, end_s - Math.max(start_s, until));
    until = Math.max(until, end_s);
  }
  return time_s;
}
