/** Where tiles stand on the network: line by line, back and forth, around the hub that holds the chip-level units. */

/** A point of the chip, in sides of a tile: x to the right, y down. */
export interface ChipPlace {
  readonly x: number;
  readonly y: number;
}

/** Where the nodes of a network on chip stand. */
export interface Floorplan {
  readonly nodes: number;
  /** Node of the global buffer, accumulator, softmax and vector units. */
  readonly hub: number;
  /** Node of tile `tile`. */
  nodeOf(tile: number): number;
  /** The middle of a node, for pictures. */
  placeOf(node: number): ChipPlace;
}

/** Nodes in rows and columns. */
export interface GridFloorplan extends Floorplan {
  readonly rows: number;
  readonly cols: number;
  /** Pairs of neighbours, each direction for itself; they are one side of a tile apart. */
  readonly links: number;
}

/**
 * The smallest nearly square grid for `tiles` tiles and the hub, which stands in the middle. Tiles follow each other along the
 * rows, or the columns: then a tree of XY routes to the tiles of a layer is a way along the hub's row with branches into theirs.
 */
export function gridFloorplan(tiles: number, along: 'rows' | 'columns' = 'rows'): GridFloorplan {
  const cols = Math.ceil(Math.sqrt(tiles + 1));
  const rows = Math.ceil((tiles + 1) / cols);
  const hub = Math.floor(rows / 2) * cols + Math.floor(cols / 2);
  const order: number[] = [];
  const [lines, length] = along === 'rows' ? [rows, cols] : [cols, rows];
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      const place = line % 2 === 0 ? i : length - 1 - i;
      const node = along === 'rows' ? line * cols + place : place * cols + line;
      if (node !== hub) order.push(node);
    }
  }
  const links = 2 * (rows * (cols - 1) + cols * (rows - 1));
  const placeOf = (node: number): ChipPlace => gridPlace(node, cols);
  return { rows, cols, nodes: rows * cols, hub, links, nodeOf: tile => order[tile], placeOf };
}

/** Nodes of a grid are numbered row by row. */
export const gridPlace = (node: number, cols: number): ChipPlace => ({
  x: (node % cols) + 0.5,
  y: Math.floor(node / cols) + 0.5,
});

/**
 * The same nodes with the tiles by their way to the hub, the nearest first; those that are equally far follow each other around it,
 * so that tiles of one layer stay together.
 */
export function hubNear(floorplan: Floorplan, tiles: number): Floorplan {
  const { nodes, hub } = floorplan;
  const from = floorplan.placeOf(hub);
  const places = Array.from({ length: tiles }, (_, tile) => {
    const node = floorplan.nodeOf(tile);
    const { x, y } = floorplan.placeOf(node);
    const [dx, dy] = [x - from.x, y - from.y];
    return { node, way: Math.abs(dx) + Math.abs(dy), around: around(dx, dy) };
  });
  places.sort((a, b) => a.way - b.way || a.around - b.around || a.node - b.node);
  return {
    nodes,
    hub,
    nodeOf: tile => places[tile].node,
    placeOf: node => floorplan.placeOf(node),
  };
}

/** How far along the ring of points that are as far from the middle, in steps from the right. */
function around(dx: number, dy: number): number {
  const way = Math.abs(dx) + Math.abs(dy);
  if (dx > 0 && dy >= 0) return dy;
  if (dx <= 0 && dy > 0) return way - dx;
  if (dx < 0) return 2 * way - dy;
  return 3 * way + dx;
}
