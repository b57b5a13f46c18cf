/** Folding: blocks that do the same things at the same times are simulated once, and counted with all that they stand for. */
import type { LayerPlan, PeShare, TileShare } from './program.ts';

/** PEs in lock-step: one that is simulated, and the sums over all of them. */
export interface PeGroup {
  readonly share: PeShare;
  readonly count: number;
  readonly inputBits: number;
  readonly outputs: number;
}

/** Tiles in lock-step. */
export interface TileGroup {
  readonly share: TileShare;
  /** Position of the simulated tile in its layer. */
  readonly first: number;
  readonly count: number;
  readonly pes: readonly PeGroup[];
  readonly inputBits: number;
  readonly outputBits: number;
  readonly weightBits: number;
  readonly partials: number;
}

/** Accesses that `bits` take at a port of that many bits; 0 where accesses take no time. */
export interface PortCycles {
  readonly pe: (bits: number) => number;
  readonly tile: (bits: number) => number;
}

/**
 * Groups the tiles of a layer. With `tiles`, those whose PEs and ports take the same times form a group, which is exact
 * only where all of them get a vector at the same tick; with `pes`, likewise the PEs of a tile, which always do.
 */
export function foldLayer(
  layer: LayerPlan,
  cycles: PortCycles,
  fold: { tiles: boolean; pes: boolean },
): TileGroup[] {
  const peKey = (pe: PeShare, i: number): string =>
    fold.pes ? `${pe.crossbars}/${cycles.pe(pe.inputBits)}` : String(i);
  const tileKey = (tile: TileShare, i: number): string => {
    if (!fold.tiles) return String(i);
    const pes = [...new Set(tile.pes.map(peKey))].sort().join(' ');
    const ports = [tile.inputBits, tile.outputBits, tile.weightBits].map(cycles.tile);
    return `${pes} ${ports.join('/')}`;
  };
  return groupBy(layer.tiles, tileKey).map(tiles => {
    const pes = groupBy(
      tiles.flatMap(tile => tile.item.pes.map((pe, i) => ({ pe, key: peKey(pe, i) }))),
      ({ key }) => key,
    );
    return {
      share: tiles[0].item,
      first: tiles[0].index,
      count: tiles.length,
      pes: pes.map(group => ({
        share: group[0].item.pe,
        count: group.length,
        inputBits: sum(group, g => g.item.pe.inputBits),
        outputs: sum(group, g => g.item.pe.outputs),
      })),
      inputBits: sum(tiles, t => t.item.inputBits),
      outputBits: sum(tiles, t => t.item.outputBits),
      weightBits: sum(tiles, t => t.item.weightBits),
      partials: sum(tiles, t => t.item.partials),
    };
  });
}

interface Indexed<T> {
  readonly item: T;
  readonly index: number;
}

/** In the order of first appearance. */
function groupBy<T>(items: readonly T[], keyOf: (item: T, index: number) => string): Indexed<T>[][] {
  const groups = new Map<string, Indexed<T>[]>();
  items.forEach((item, index) => {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ item, index }]);
    else group.push({ item, index });
  });
  return [...groups.values()];
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);
