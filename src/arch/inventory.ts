/** What stands on the chip: area and leakage of every kind of block, for the blocks that the accounting counts. */
import { BUFFER_LEVELS, bufferLevels, type PerBlock } from '../hw/buffer-levels.ts';
import type { ComponentId } from '../hw/components.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { Layer } from '../hw/program.ts';
import type { CrossbarPart } from '../tech/crossbar-cost.ts';
import { type AccountingSwitch, counts } from './accounting.ts';
import type { ChipCost } from './build.ts';
import type { ArchConfig } from './config.ts';

export interface InventoryRow {
  readonly component: ComponentId;
  readonly area_m2: number;
  readonly leakage_W: number;
  /** Drawn all the time besides leakage: by a block that no component models, by idle clocks; absent: none. */
  readonly power_W?: number;
}

export interface ChipSize {
  readonly layers: readonly Layer[];
  readonly chipTiles: number;
  readonly noc: NocLayout;
  readonly softmaxUnits: number;
  /** The vector unit has work, whatever the accounting leaves out. */
  readonly usesVectorUnit: boolean;
}

/** A chip of so many blocks of each kind. */
interface CountedChip {
  readonly arch: ArchConfig;
  readonly cost: ChipCost;
  readonly size: ChipSize;
  readonly blocks: Readonly<Record<PerBlock, number>>;
}

/** Rows whose areas sum to the chip's area, and whose leakages sum to its leakage power. */
export function inventory(arch: ArchConfig, cost: ChipCost, size: ChipSize): InventoryRow[] {
  const { chipTiles: tiles } = size;
  const blocks = { chip: 1, tile: tiles, pe: tiles * arch.tile.pes };
  const chip = { arch, cost, size, blocks };
  const counted = (Object.keys(BLOCKS) as AccountingSwitch[]).filter(
    name => counts(arch.accounting, name) || (name === 'vectorUnit' && size.usesVectorUnit),
  );
  const rows = [
    ...crossbarRows(arch, cost, size),
    ...counted.flatMap(name => BLOCKS[name](chip)),
    ...extraRows(chip),
  ];
  return counts(arch.accounting, 'leakage') ? rows : rows.map(row => ({ ...row, leakage_W: 0 }));
}

const row = (component: ComponentId, count: number, area_m2: number, leakage_W = 0): InventoryRow => ({
  component,
  area_m2: count * area_m2,
  leakage_W: count * leakage_W,
});

const noBlocks = (): InventoryRow[] => [];

/** The blocks that each switch of the accounting puts on the chip, in the order of the breakdown. */
const BLOCKS: Record<AccountingSwitch, (chip: CountedChip) => InventoryRow[]> = {
  buffers: ({ cost, blocks }) =>
    bufferLevels.map(level => {
      const { area_m2, leakage_W } = cost.buffers[level];
      return row(`buffer.${level}`, blocks[BUFFER_LEVELS[level].per], area_m2, leakage_W);
    }),
  accumulators: ({ arch, cost, blocks }) => {
    // One adder for every converter of a crossbar, at each level.
    const adders = Math.ceil(cost.static.columns / arch.devices.static.adc.columns);
    const { area } = arch.digital.adder;
    return [
      row('accumulator.pe', blocks.pe * adders, area),
      row('accumulator.tile', blocks.tile * adders, area),
      row('accumulator.global', adders, area),
    ];
  },
  interconnect: ({ size }) => [...size.noc.blocks],
  controllers: ({ arch, blocks }) => [row('controller', blocks.tile, arch.digital.controller.area)],
  softmaxArea: ({ arch, size }) => [row('softmax', size.softmaxUnits, arch.digital.softmaxLane.area)],
  vectorUnit: ({ arch }) => [row('vector', arch.vector.lanes, arch.digital.vector.laneArea)],
  inputBitPlanes: noBlocks,
  embedding: noBlocks,
  head: noBlocks,
  predictor: noBlocks,
  transformation: noBlocks,
  leakage: noBlocks,
  dram: noBlocks,
};

/** What the file lists beside its components, on every chip, tile or PE. */
const extraRows = ({ arch: { extras = [] }, blocks }: CountedChip): InventoryRow[] =>
  extras.map(({ name, per, count, power, area }) => {
    const instances = blocks[per] * count;
    return {
      component: `extra.${name}`,
      area_m2: instances * area,
      leakage_W: 0,
      power_W: instances * power,
    };
  });

/** All crossbars of all tiles: whole tiles belong to a layer; tiles without one are made of the static device. */
function crossbarRows(arch: ArchConfig, cost: ChipCost, size: ChipSize): InventoryRow[] {
  const perTile = arch.tile.pes * arch.pe.crossbars;
  const used = size.layers.reduce((sum, layer) => sum + layer.tiles.length, 0);
  const known = new Map([[cost.static, (size.chipTiles - used) * perTile]]);
  const made: typeof known = new Map();
  for (const layer of size.layers) {
    const numbers = layer.dynamic ? made : known;
    const crossbar = cost.of(layer);
    numbers.set(crossbar, (numbers.get(crossbar) ?? 0) + layer.tiles.length * perTile);
  }
  const all = [...known, ...made];
  const areas = new Map<CrossbarPart, number>();
  for (const [crossbar, count] of all) {
    for (const { component, area_m2 } of crossbar.areaParts) {
      areas.set(component, (areas.get(component) ?? 0) + count * area_m2);
    }
  }
  const leakage_W = all.reduce((sum, [crossbar, count]) => sum + count * crossbar.leakage_W, 0);
  return [
    ...[...areas].map(([component, area_m2]) => ({ component, area_m2, leakage_W: 0 })),
    { component: 'crossbar.leakage', area_m2: 0, leakage_W },
  ];
}
