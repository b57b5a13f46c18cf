/** Where tiles stand on an H-tree: leaves of a tree with four branches a level, and the hub at its root. */
import type { Floorplan } from './floorplan.ts';

export interface TreeFloorplan extends Floorplan {
  readonly switches: number;
  /** Lengths of the links in sides of a tile, the one next to the root first. */
  readonly linkSides: readonly number[];
  /** Mean length of a link on the way from the root to a leaf, in sides of a tile. */
  readonly meanLinkSides: number;
  /** Length of all links in both directions, in sides of a tile. */
  readonly wireSides: number;
}

/** The smallest tree that holds `tiles` tiles. */
export function treeFloorplan(tiles: number): TreeFloorplan {
  const levels = treeLevels(tiles);
  const leaves = 4 ** levels;
  const linkSides = Array.from({ length: levels }, (_, level) => 2 ** (levels - 1 - level));
  const total = (of: (length: number, level: number) => number): number =>
    linkSides.reduce((sum, length, level) => sum + of(length, level), 0);
  return {
    nodes: leaves + 1,
    hub: leaves,
    switches: (leaves - 1) / 3,
    linkSides,
    meanLinkSides: total(length => length) / levels,
    wireSides: total((length, level) => 2 * 4 ** (level + 1) * length),
    nodeOf: tile => tile,
  };
}

/** Levels of links that a tree with four branches needs for `tiles` leaves. */
export const treeLevels = (tiles: number): number =>
  Math.max(1, Math.ceil(Math.log(tiles) / Math.log(4) - 1e-9));
