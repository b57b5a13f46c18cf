/** Where tiles stand on the network: row by row, back and forth, around the hub that holds the chip-level units. */

export interface Floorplan {
  readonly rows: number;
  readonly cols: number;
  readonly nodes: number;
  /** Node of the global buffer, accumulator, softmax and vector units. */
  readonly hub: number;
  readonly routers: number;
  /** Mean length of a link on a packet's way, in sides of a tile. */
  readonly hopSides: number;
  /** Length of all links in both directions, in sides of a tile. */
  readonly wireSides: number;
  /** Node of tile `tile`. */
  nodeOf(tile: number): number;
}

/** The floorplan for a kind of network. */
export const floorplanFor = (kind: 'ideal' | 'mesh' | 'htree', tiles: number): Floorplan =>
  kind === 'htree' ? treeFloorplan(tiles) : gridFloorplan(tiles);

/** The smallest nearly square grid for `tiles` tiles and the hub, which stands in the middle. */
export function gridFloorplan(tiles: number): Floorplan {
  const cols = Math.ceil(Math.sqrt(tiles + 1));
  const rows = Math.ceil((tiles + 1) / cols);
  const hub = Math.floor(rows / 2) * cols + Math.floor(cols / 2);
  const order: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < cols; i++) {
      const node = row * cols + (row % 2 === 0 ? i : cols - 1 - i);
      if (node !== hub) order.push(node);
    }
  }
  const nodes = rows * cols;
  const wireSides = 2 * (rows * (cols - 1) + cols * (rows - 1));
  return { rows, cols, nodes, hub, routers: nodes, hopSides: 1, wireSides, nodeOf: tile => order[tile] };
}

/** Tiles as the leaves of a tree with four branches a level, and the hub at its root. */
export function treeFloorplan(tiles: number): Floorplan {
  const levels = treeLevels(tiles);
  const leaves = 4 ** levels;
  const lengths = treeLinks(tiles, 1);
  const total = (of: (length: number, level: number) => number): number =>
    lengths.reduce((sum, length, level) => sum + of(length, level), 0);
  return {
    rows: 2 ** levels,
    cols: 2 ** levels,
    nodes: leaves + 1,
    hub: leaves,
    routers: (leaves - 1) / 3,
    hopSides: total(length => length) / levels,
    wireSides: total((length, level) => 2 * 4 ** (level + 1) * length),
    nodeOf: tile => tile,
  };
}

/** Levels of links that a tree with four branches needs for `tiles` leaves. */
export const treeLevels = (tiles: number): number =>
  Math.max(1, Math.ceil(Math.log(tiles) / Math.log(4) - 1e-9));

/** Lengths of the links of an H-tree over leaves of `side` metres, the one next to the root first. */
export const treeLinks = (tiles: number, side: number): number[] =>
  Array.from({ length: treeLevels(tiles) }, (_, level) => side * 2 ** (treeLevels(tiles) - 1 - level));
