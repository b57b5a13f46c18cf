/**
 * What the compensation of drift takes of a chip: every interval the arrays of known weights are read with reference vectors, while
 * nothing else runs. All PEs read at once, the arrays of one on its converters in turn, each vector as a read of a layer takes it;
 * where references have columns of their own, those alone are converted. What vectors take on their way to the arrays, and
 * the division of two sums a layer, is not counted (assumed). Layers that come from DRAM at their turn are read when they have been written.
 */
import { usageError } from '../base/errors.ts';
import { sum } from '../base/sum.ts';
import type { ComponentId } from '../hw/components.ts';
import type { Fills, Layer, PeBlock } from '../hw/program.ts';
import type { DriftReadingResult } from '../report/drift-readings.ts';
import { type Tick, toSeconds } from '../sim/tick.ts';
import type { CrossbarCost, CrossbarUse } from '../tech/crossbar-cost.ts';
import { columnsPerWeight } from '../tech/device-encoding.ts';
import { compensationOf } from '../tech/drift-compensation.ts';
import type { DriftCompensation } from '../tech/drift-compensation-schema.ts';
import type { Device } from '../tech/schema.ts';
import type { Machine } from './machine.ts';

/** Of all crossbars that are read again and again. */
export interface DriftReadings {
  readonly readings: readonly DriftReadingResult[];
  /** Of the time, in which nothing else runs. */
  readonly shareOfTime: number;
  /** Drawn on average, W, by what is charged. */
  readonly power_W: ReadonlyMap<ComponentId, number>;
}

/** A vector on the arrays of a PE. */
interface Vector {
  readonly crossbars: number;
  readonly time: Tick;
}

/** Undefined where nothing is compensated. @throws TrexError (usage) where readings take all the time. */
export function driftReadings(
  { placement, cost }: Pick<Machine, 'placement' | 'cost'>,
  { adcBanks, weightBits }: { readonly adcBanks: number; readonly weightBits: number },
): DriftReadings | undefined {
  const devices = new Map<Device, Layer[]>();
  for (const layer of placement.layers.values()) {
    if (layer.dynamic || layer.inTurn === true || compensationOf(layer.device) === undefined) continue;
    devices.set(layer.device, [...(devices.get(layer.device) ?? []), layer]);
  }
  const power_W = new Map<ComponentId, number>();
  const readings = [...devices].map(([device, layers]): DriftReadingResult => {
    const compensation = compensationOf(device)!;
    const { scope, vectors, columns, interval } = compensation;
    const own = ownColumns(device, compensation, weightBits);
    const energies = new Map<ComponentId, number>();
    let [crossbars, longest] = [0, 0];
    for (const layer of layers)
      for (const pe of layer.tiles.flatMap(tile => tile.pes)) {
        const { crossbars: count, time } = vectorOf(pe, { cost: cost.of(layer), own, energies });
        crossbars += count;
        longest = Math.max(longest, time);
      }
    const energy_J = vectors * sum([...energies.values()], value => value);
    for (const [name, value] of energies)
      power_W.set(name, (power_W.get(name) ?? 0) + (vectors * value) / interval);
    const time_s = vectors * toSeconds(Math.ceil(longest / adcBanks));
    return { tech: device.name, scope, vectors, columns, interval_s: interval, crossbars, energy_J, time_s };
  });
  if (readings.length === 0) return undefined;
  const shareOfTime = sum(readings, ({ time_s, interval_s }) => time_s / interval_s);
  if (shareOfTime >= 1) {
    const { tech, time_s, interval_s } = readings[0];
    throw usageError(
      `${tech}: driftCompensation.interval: the references take ${time_s} s to read, every ${interval_s} s: no time is left to compute`,
    );
  }
  return { readings, shareOfTime, power_W };
}

/** Columns of an array that hold references; 0: those of weights are read. @throws TrexError (usage) for published totals, which have none. */
function ownColumns(device: Device, { columns }: DriftCompensation, weightBits: number): number {
  if (columns > 0 && device.level === 'macro')
    throw usageError(
      `${device.name}: driftCompensation.columns: expected 0 on published totals, which hold no such columns, got ${columns}`,
    );
  return columns * columnsPerWeight(device, weightBits);
}

/** Adds the energy of one vector to `energies`; the time is that of one converter bank. */
function vectorOf(
  { fills }: PeBlock,
  {
    cost,
    own,
    energies,
  }: { readonly cost: CrossbarCost; readonly own: number; readonly energies: Map<ComponentId, number> },
): Vector {
  let [crossbars, time] = [0, 0];
  for (const { count, rows, cols } of fills satisfies readonly Fills[]) {
    const use: CrossbarUse = cost.filled({ rows, cols: own > 0 ? own : cols });
    crossbars += count;
    time += count * use.planes * use.readTime;
    for (const { component, energy_J } of use.readParts)
      energies.set(component, (energies.get(component) ?? 0) + count * use.planes * energy_J);
  }
  return { crossbars, time };
}
