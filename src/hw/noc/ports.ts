/** Ports of a mesh router and dimension-order routing, numbered as in BookSim 2's k-ary n-cube (X is dimension 0). */

/** Output port p leads to the neighbour's input port p ^ 1; LOCAL is injection (in) and ejection (out), SOURCE the node's own end of it. */
export const PORT = { right: 0, left: 1, down: 2, up: 3, local: 4, source: 5 } as const;

/** The output port of a packet at (x, y) that goes to (toX, toY): all of X first, then Y (deadlock-free). */
export function xyPort(x: number, y: number, toX: number, toY: number): number {
  if (toX !== x) return toX > x ? PORT.right : PORT.left;
  if (toY !== y) return toY > y ? PORT.down : PORT.up;
  return PORT.local;
}

/** The router next to (x, y) at output `port`, or -1 at the edge; nodes are numbered row by row. */
export function neighbour(x: number, y: number, port: number, rows: number, cols: number): number {
  const toX = port === PORT.right ? x + 1 : port === PORT.left ? x - 1 : x;
  const toY = port === PORT.down ? y + 1 : port === PORT.up ? y - 1 : y;
  return toX >= 0 && toX < cols && toY >= 0 && toY < rows ? toY * cols + toX : -1;
}
