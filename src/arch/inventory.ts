/** What stands on the chip: area and leakage of every kind of block, for the blocks that the accounting counts. */
import type { NocLayout } from '../hw/noc/kind.ts';
import type { LayerPlan } from '../hw/program.ts';
import type { ChipCost } from './build.ts';
import type { ArchConfig } from './config.ts';

export interface InventoryRow {
  readonly component: string;
  readonly area_m2: number;
  readonly leakage_W: number;
  /** Drawn all the time by a block that no component models; absent: none. */
  readonly power_W?: number;
}

export interface ChipSize {
  readonly layers: readonly LayerPlan[];
  readonly chipTiles: number;
  readonly noc: Pick<NocLayout, 'blocks'>;
  readonly softmaxUnits: number;
}

/** Rows whose areas sum to the chip's area, and whose leakages sum to its leakage power. */
export function inventory(arch: ArchConfig, cost: ChipCost, size: ChipSize): InventoryRow[] {
  const { accounting, digital } = arch;
  const { chipTiles: tiles } = size;
  const pes = tiles * arch.tile.pes;
  const rows: InventoryRow[] = crossbarRows(arch, cost, size);
  const add = (component: string, count: number, area_m2: number, leakage_W = 0): void => {
    rows.push({ component, area_m2: count * area_m2, leakage_W: count * leakage_W });
  };
  if (accounting.buffers === 'counted') {
    add('buffer.pe', pes, cost.peBuffer.area_m2, cost.peBuffer.leakage_W);
    add('buffer.tile', tiles, cost.tileBuffer.area_m2, cost.tileBuffer.leakage_W);
    add('buffer.global', 1, cost.globalBuffer.area_m2, cost.globalBuffer.leakage_W);
  }
  if (accounting.accumulators === 'counted') {
    // One adder for every converter of a crossbar, at each level.
    const adders = Math.ceil(cost.static.columns / arch.devices.static.adc.columns);
    add('accumulator.pe', pes * adders, digital.adder.area);
    add('accumulator.tile', tiles * adders, digital.adder.area);
    add('accumulator.global', adders, digital.adder.area);
  }
  if (accounting.interconnect === 'counted') rows.push(...size.noc.blocks);
  if (accounting.controllers === 'counted') add('controller', tiles, digital.controller.area);
  if (accounting.softmaxArea === 'counted') add('softmax', size.softmaxUnits, digital.softmaxLane.area);
  if (accounting.vectorUnit === 'counted') add('vector', arch.vector.lanes, digital.vector.laneArea);
  rows.push(...extraRows(arch, { chip: 1, tile: tiles, pe: pes }));
  return accounting.leakage === 'counted' ? rows : rows.map(row => ({ ...row, leakage_W: 0 }));
}

/** What the file lists beside its components, on every chip, tile or PE. */
function extraRows(
  { extras = [] }: ArchConfig,
  counts: Record<'chip' | 'tile' | 'pe', number>,
): InventoryRow[] {
  return extras.map(({ name, per, count, power, area }) => {
    const instances = counts[per] * count;
    return {
      component: `extra.${name}`,
      area_m2: instances * area,
      leakage_W: 0,
      power_W: instances * power,
    };
  });
}

/** All crossbars of all tiles: whole tiles belong to a layer; tiles without one are made of the static device. */
function crossbarRows(arch: ArchConfig, cost: ChipCost, size: ChipSize): InventoryRow[] {
  const perTile = arch.tile.pes * arch.pe.crossbars;
  const used = size.layers.reduce((sum, layer) => sum + layer.tiles.length, 0);
  const known = new Map([[cost.static, (size.chipTiles - used) * perTile]]);
  const made: typeof known = new Map();
  for (const layer of size.layers) {
    const counts = layer.dynamic ? made : known;
    const crossbar = cost.of(layer);
    counts.set(crossbar, (counts.get(crossbar) ?? 0) + layer.tiles.length * perTile);
  }
  const counts = [...known, ...made];
  const rows = new Map<string, InventoryRow>();
  for (const [crossbar, count] of counts) {
    for (const { component, area_m2 } of crossbar.areaParts) {
      const before = rows.get(component)?.area_m2 ?? 0;
      rows.set(component, { component, area_m2: before + count * area_m2, leakage_W: 0 });
    }
  }
  const leakage_W = counts.reduce((sum, [crossbar, count]) => sum + count * crossbar.leakage_W, 0);
  return [...rows.values(), { component: 'crossbar.leakage', area_m2: 0, leakage_W }];
}
