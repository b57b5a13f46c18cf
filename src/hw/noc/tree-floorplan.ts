/** Where tiles stand on an H-tree: leaves of a tree with four branches a level, and the hub at its root. */
import { pow } from '../../base/math.ts';
import type { ChipPlace, Floorplan } from './floorplan.ts';

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
    placeOf: node => (node === leaves ? switchPlace(0, leaves) : switchPlace(node, 1)),
  };
}

/** The middle of the square, or of the pair of squares, that `count` leaves of a tree from `first` on take: two branchings quarter a square. */
export function switchPlace(first: number, count: number): ChipPlace {
  const a = corner(first);
  const b = corner(first + count - 1);
  return { x: (a.x + b.x + 1) / 2, y: (a.y + b.y + 1) / 2 };
}

/** A leaf's bits in turn say right or left, below or above. */
function corner(leaf: number): ChipPlace {
  let [x, y] = [0, 0];
  for (let bit = 1, rest = leaf; rest > 0; bit *= 2, rest = Math.floor(rest / 4)) {
    if (rest % 2 === 1) x += bit;
    if (rest % 4 > 1) y += bit;
  }
  return { x, y };
}

/** Levels of links that a tree with four branches needs for `tiles` leaves. */
export const treeLevels = (tiles: number): number =>
  Math.max(1, Math.ceil(Math.log(tiles) / Math.log(4) - 1e-9));
