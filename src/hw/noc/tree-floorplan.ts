/** Where tiles stand on an H-tree: leaves of a tree with four branches a level, and the hub at its root. */
import { pow } from '../../base/math.ts';
import type { Floorplan } from './floorplan.ts';

export interface TreeFloorplan extends Floorplan {
  readonly switches: number;
  /** Lengths of the links in sides of a tile, the one next to the root first. */
  readonly linkSides: readonly number[];
}

/** The smallest tree that holds `tiles` tiles. */
export function treeFloorplan(tiles: number): TreeFloorplan {
  const levels = treeLevels(tiles);
  const leaves = pow(4, levels);
  const linkSides = Array.from({ length: levels }, (_, level) => 2 ** (levels - 1 - level));
  return {
    nodes: leaves + 1,
    hub: leaves,
    switches: (leaves - 1) / 3,
    linkSides,
    nodeOf: tile => tile,
  };
}

/** Levels of links that a tree with four branches needs for `tiles` leaves. */
export const treeLevels = (tiles: number): number =>
  Math.max(1, Math.ceil(Math.log(tiles) / Math.log(4) - 1e-9));
