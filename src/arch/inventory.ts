/** What stands on the chip: area and leakage of every kind of block, for the blocks that the accounting counts. */
import type { NocLayout } from '../hw/noc/kind.ts';
import type { Layer } from '../hw/program.ts';
import { blocksOfPe, type CrossbarPart, ofPe } from '../tech/pe-parts.ts';
import { blocksOf, counts } from './accounting.ts';
import type { CountedChip, InventoryRow } from './accounting-switches.ts';
import { bufferPlaces } from './buffers.ts';
import type { ChipCost } from './build.ts';
import type { ArchConfig } from './config.ts';

export interface ChipSize {
  /** Of which layers' crossbars the tiles in use are made. */
  readonly standing: readonly { readonly layer: Layer; readonly tiles: number }[];
  readonly chipTiles: number;
  readonly noc: NocLayout;
  readonly softmaxUnits: number;
  /** The vector unit has work, whatever the accounting leaves out. */
  readonly usesVectorUnit: boolean;
}

/** Rows whose areas sum to the chip's area, and whose leakages sum to its leakage power. */
export function inventory(arch: ArchConfig, cost: ChipCost, size: ChipSize): InventoryRow[] {
  const { accounting } = arch;
  const blocks = { chip: 1, tile: size.chipTiles, pe: size.chipTiles * arch.tile.pes };
  const rows = [
    ...crossbarRows(arch, cost, size),
    ...blocksOf(name => counts(accounting, name) || (name === 'vectorUnit' && size.usesVectorUnit), {
      digital: arch.digital,
      device: arch.devices.static,
      crossbar: cost.static,
      buffers: bufferPlaces(arch).map(({ level, per }) => ({ level, per, cost: cost.buffers[level] })),
      adcBanks: arch.pe.adcBanks,
      vectorLanes: arch.vector.lanes,
      softmaxUnits: size.softmaxUnits,
      noc: size.noc,
      blocks,
    }),
    ...extraRows(arch, blocks),
  ];
  return counts(accounting, 'leakage') ? rows : rows.map(row => ({ ...row, leakage_W: 0 }));
}

/** What the file lists beside its components, on every chip, tile or PE. */
const extraRows = ({ extras = [] }: ArchConfig, blocks: CountedChip['blocks']): InventoryRow[] =>
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
  const used = size.standing.reduce((sum, { tiles }) => sum + tiles, 0);
  const known = new Map([[cost.static, size.chipTiles - used]]);
  const made: typeof known = new Map();
  for (const { layer, tiles } of size.standing) {
    const of = layer.dynamic ? made : known;
    const crossbar = cost.of(layer);
    of.set(crossbar, (of.get(crossbar) ?? 0) + tiles);
  }
  const all = [...known, ...made];
  const areas = new Map<CrossbarPart, number>();
  for (const [{ standing }, tiles] of all) {
    for (const { component, per, area_m2 } of standing) {
      const blocks = tiles * arch.tile.pes * blocksOfPe(arch.pe, per);
      areas.set(component, (areas.get(component) ?? 0) + blocks * area_m2);
    }
  }
  const leakage_W = all.reduce(
    (sum, [{ standing }, tiles]) => sum + tiles * arch.tile.pes * ofPe(standing, arch.pe, 'leakage_W'),
    0,
  );
  return [
    ...[...areas].map(([component, area_m2]) => ({ component, area_m2, leakage_W: 0 })),
    { component: 'crossbar.leakage', area_m2: 0, leakage_W },
  ];
}
