/** How the crossbars of a run were used: what they hold, how long their converters were at work, how they wear. */

import type { ArchConfig } from '../arch/config.ts';
import { largest, smallest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { groupOf } from '../hw/components.ts';
import type { Layer } from '../hw/program.ts';
import type { BreakdownRow, ComponentName, Result } from '../report/result.ts';
import type { Tick } from '../sim/tick.ts';
import { storageOf } from '../tech/circuit/laws.ts';
import { setsOf } from '../tech/device-encoding.ts';
import type { Machine } from './machine.ts';

/** Share of the energy of crossbar reads that the ADCs take. */
export function adcShare(rows: readonly BreakdownRow<ComponentName>[]): number {
  const reads = rows.filter(({ name }) => name !== 'leakage' && groupOf(name) === 'read');
  const adc = sum(reads, row => (row.name === 'crossbar.adc' ? row.energy_J : 0));
  return adc / sum(reads, row => row.energy_J);
}

/** How much of the chip's crossbars holds something. */
export function utilization(
  arch: ArchConfig,
  machine: Pick<Machine, 'placement'>,
): Pick<Result['utilization'], 'cells' | 'crossbars'> {
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
  };
}

/** Ticks that all ADC banks were at work. */
export function adcBusy({ chip }: Pick<Machine, 'chip'>): Tick {
  return sum(chip.ledger.meters, ({ action, of, counts }) =>
    action === 'crossbar.read' && typeof of !== 'string' && 'planes' in of
      ? sum([...counts], count => count) * (of.plane?.convert ?? of.readTime)
      : 0,
  );
}

/** Busy time of the ADC banks over the time that they were there, in tiles that hold weights. */
export const adcShareOfTime = (
  { tile, pe }: ArchConfig,
  { placement }: Pick<Machine, 'placement'>,
  { busy, time }: { readonly busy: Tick; readonly time: Tick },
): number => busy / (placement.tiles * (tile.pes * pe.adcBanks) * time);

/** Programmings of the cells that are written at run time, and how long they last. */
export function wear(machine: Machine, images: number, latency_s: number): Result['writes'] {
  const { chip, placement } = machine;
  const pes = dynamicLayers(placement).flatMap(({ id }) => chip.engine.tilesOf(id).flatMap(tile => tile.pes));
  return wearOf(machine, Math.max(0, largest(pes.map(pe => pe.writes))) / images, latency_s);
}

const dynamicLayers = ({ layers }: Machine['placement']): Layer[] =>
  [...layers.values()].filter(layer => layer.dynamic);

/** How long cells last of which the one that is written most is programmed `perImage` times in `latency_s`. */
export function wearOf(
  { cost, placement }: Pick<Machine, 'cost' | 'placement'>,
  perImage: number,
  latency_s: number,
): Result['writes'] {
  const dynamic = dynamicLayers(placement);
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
