/** Where tiles stand on the network: row by row, back and forth, around the hub that holds the chip-level units. */

export interface Floorplan {
  readonly nodes: number;
  /** Node of the global buffer, accumulator, softmax and vector units. */
  readonly hub: number;
  /** Node of tile `tile`. */
  nodeOf(tile: number): number;
}

export interface GridFloorplan extends Floorplan {
  readonly rows: number;
  readonly cols: number;
  /** Pairs of neighbours, each direction for itself; they are one side of a tile apart. */
  readonly links: number;
}

/** The smallest nearly square grid for `tiles` tiles and the hub, which stands in the middle. */
export function gridFloorplan(tiles: number): GridFloorplan {
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
  const links = 2 * (rows * (cols - 1) + cols * (rows - 1));
  return { rows, cols, nodes: rows * cols, hub, links, nodeOf: tile => order[tile] };
}
