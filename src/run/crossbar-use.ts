/** How the crossbars of a run were used: what they hold, how long their converters were at work, how they wear. */

import type { ArchConfig } from '../arch/config.ts';
import { largest, smallest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { groupOf } from '../hw/components.ts';
import type { BreakdownRow, ComponentName, Result } from '../report/result.ts';
import { storageOf } from '../tech/circuit/laws.ts';
import { setsOf } from '../tech/device-encoding.ts';
import type { Machine, Outcome } from './machine.ts';

/** Share of the energy of crossbar reads that the ADCs take. */
export function adcShare(rows: readonly BreakdownRow<ComponentName>[]): number {
  const reads = rows.filter(({ name }) => name !== 'leakage' && groupOf(name) === 'read');
  const adc = sum(reads, row => (row.name === 'crossbar.adc' ? row.energy_J : 0));
  return adc / sum(reads, row => row.energy_J);
}

export function utilization(arch: ArchConfig, machine: Machine, outcome: Outcome): Result['utilization'] {
  const { placement } = machine;
  const perTile = arch.tile.pes * arch.pe.crossbars;
  const layers = [...placement.layers.values()];
  const positions = sum(
    placement.units,
    ({ crossbars, device }) => crossbars * setsOf(device) * device.crossbar.rows * device.crossbar.cols,
  );
  const stored = sum(layers, layer => layer.cells);
  const chipPositions = positions * ((placement.chipTiles * perTile) / Math.max(1, placement.crossbars));
  return {
    cells: stored / chipPositions,
    crossbars: placement.crossbars / (placement.chipTiles * perTile),
    adc: adcUtilization(machine, outcome, arch.tile.pes * arch.pe.adcBanks),
  };
}

/** Busy time of the ADC banks over the time that they were there, in tiles that hold weights. */
function adcUtilization({ chip, placement }: Machine, outcome: Outcome, banksPerTile: number): number {
  const busy = sum(chip.ledger.meters, ({ action, of, counts }) =>
    action === 'crossbar.read' && typeof of !== 'string' && 'planes' in of
      ? sum([...counts], count => count) * (of.plane?.convert ?? of.readTime)
      : 0,
  );
  return busy / (placement.tiles * banksPerTile * sum(outcome.latencies, t => t));
}

/** Programmings of the cells that are written at run time, and how long they last. */
export function wear(
  { chip, cost, placement }: Machine,
  images: number,
  latency_s: number,
): Result['writes'] {
  const dynamic = [...placement.layers.values()].filter(layer => layer.dynamic);
  const pes = dynamic.flatMap(layer => chip.engine.tilesOf(layer.id)).flatMap(tile => tile.pes);
  const perImage = Math.max(0, largest(pes.map(pe => pe.writes))) / images;
  const limits = dynamic.flatMap(layer => cost.of(layer).endurance ?? []);
  const endurance = limits.length === 0 ? null : smallest(limits);
  const wearsUnknown = dynamic.some(
    layer => cost.of(layer).endurance === undefined && storageOf(layer.device.cell.device) !== 'bistable',
  );
  const isWritten = perImage > 0;
  const left = endurance === null || !isWritten || wearsUnknown ? null : Math.floor(endurance / perImage);
  return {
    perCellPerImage: perImage,
    cells: sum(dynamic, layer => layer.cells),
    endurance,
    lifetime: isWritten && wearsUnknown ? 'unknown' : left === null ? 'unlimited' : 'limited',
    images: left,
    lifetime_s: left === null ? null : left * latency_s,
  };
}
