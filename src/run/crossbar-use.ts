/** How the crossbars of a run were used: what they hold, how long their converters were at work, how they wear. */

import type { ArchConfig } from '../arch/config.ts';
import { largest, smallest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { groupOf } from '../hw/components.ts';
import { type Layer, weightBitsOf } from '../hw/program.ts';
import { tilesOf } from '../map/turns.ts';
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
  // Of layers in turn their tiles count once, and as full as they ever are.
  const inTurn = placement.units.some(layer => layer.inTurn === true);
  const positions = inTurn
    ? placement.crossbars * perCrossbar(placement.units[0])
    : sum(placement.units, unit => unit.crossbars * perCrossbar(unit));
  const stored = cellsOf(layers);
  const chipPositions = positions * ((placement.chipTiles * perTile) / Math.max(1, placement.crossbars));
  return {
    cells: stored / chipPositions,
    crossbars: placement.crossbars / (placement.chipTiles * perTile),
  };
}

const perCrossbar = ({ device }: Layer): number =>
  setsOf(device) * device.crossbar.rows * device.crossbar.cols;

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

/** Programmings of the cells that are written at run time, and how long they last; `period_s`: from one image to the next. */
export function wear({ chip, cost, placement }: Machine, images: number, period_s: number): Result['writes'] {
  const written = [...placement.layers.values()].filter(layer => layer.dynamic || layer.inTurn === true);
  const groups = new Map<Layer['device'], Layer[]>();
  for (const layer of written) groups.set(layer.device, [...(groups.get(layer.device) ?? []), layer]);
  const worn = [...groups.values()].map(layers => ({
    layers,
    perImage: mostWrites(layers, chip) / images,
  }));
  return wearOf(cost, worn, period_s);
}

/** Layers of one device, of whose cells the one that is written most is programmed so often for an image. */
export interface Worn {
  readonly layers: readonly Layer[];
  readonly perImage: number;
}

/** How long they last at an image every `period_s`. */
export function wearOf(
  cost: Pick<Machine['cost'], 'of'>,
  written: readonly Worn[],
  period_s: number,
): Result['writes'] {
  const worn = written.map(({ layers, perImage }) => {
    const { endurance } = cost.of(layers[0]);
    const wears = endurance !== undefined || storageOf(layers[0].device.cell.device) !== 'bistable';
    const left = endurance === undefined || perImage === 0 ? null : Math.floor(endurance / perImage);
    return { perImage, endurance, left, isUnknown: endurance === undefined && wears };
  });
  const perImage = Math.max(0, largest(worn.map(group => group.perImage)));
  const limits = worn.flatMap(({ endurance }) => endurance ?? []);
  const isUnknown = perImage > 0 && worn.some(group => group.isUnknown);
  const lasting = worn.flatMap(group => group.left ?? []);
  const left = isUnknown || lasting.length === 0 ? null : smallest(lasting);
  return {
    perCellPerImage: perImage,
    cells: cellsOf(written.flatMap(({ layers }) => layers)),
    endurance: limits.length === 0 ? null : smallest(limits),
    lifetime: isUnknown ? 'unknown' : left === null ? 'unlimited' : 'limited',
    images: left,
    lifetime_s: left === null ? null : left * period_s,
  };
}

/** Of the PE that is programmed most: layers that take turns on a tile all program its first PEs. */
function mostWrites(layers: readonly Layer[], chip: Machine['chip']): number {
  const alone = layers.filter(({ inTurn }) => inTurn !== true);
  const writesOf = ({ id }: Layer): number =>
    largest([0, ...chip.engine.tilesOf(id).flatMap(tile => tile.pes.map(pe => pe.writes))]);
  const shared = new Map<string, number>();
  for (const layer of layers) {
    if (layer.inTurn !== true) continue;
    const writes = writesOf(layer);
    tilesOf(layer).forEach((tile, i) => {
      layer.tiles[i].pes.forEach((_, pe) => {
        const at = `${tile} ${pe}`;
        shared.set(at, (shared.get(at) ?? 0) + writes);
      });
    });
  }
  return largest([0, ...alone.map(writesOf), ...shared.values()]);
}

/** Cells of layers, those of a tile that takes turns once: of the layer that has most there. */
function cellsOf(layers: readonly Layer[]): number {
  const shared = new Map<number, number>();
  for (const layer of layers) {
    if (layer.inTurn !== true) continue;
    const perBit = layer.cells / weightBitsOf(layer);
    tilesOf(layer).forEach((tile, i) => {
      shared.set(tile, Math.max(shared.get(tile) ?? 0, Math.round(layer.tiles[i].weightBits * perBit)));
    });
  }
  const alone = layers.filter(({ inTurn }) => inTurn !== true);
  return sum(alone, layer => layer.cells) + sum([...shared.values()], cells => cells);
}
