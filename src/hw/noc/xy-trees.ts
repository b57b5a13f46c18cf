/** Trees of XY routes from one node to many: which outputs of a router a flit is copied to. */
import { neighbour, PORT, xyPort } from './ports.ts';

interface XyTree {
  readonly src: number;
  readonly dsts: readonly number[];
  /** Links between routers. */
  readonly links: number;
  /** What stands for the tree where a packet to one node has its column; below 0. */
  readonly code: number;
  /** Mask of output ports, by node. */
  readonly outputs: Uint8Array;
}

/** The tables of all routers of a mesh, one entry of five bits for each tree. */
export class XyTrees {
  readonly #rows: number;
  readonly #cols: number;
  readonly #trees: XyTree[] = [];

  constructor(rows: number, cols: number) {
    this.#rows = rows;
    this.#cols = cols;
  }

  /** The union of the routes from `src` to `dsts`; returns its number. */
  add(src: number, dsts: readonly number[]): number {
    const rows = this.#rows;
    const cols = this.#cols;
    const outputs = new Uint8Array(rows * cols);
    let links = 0;
    for (const dst of dsts) {
      let node = src;
      for (;;) {
        const x = node % cols;
        const y = Math.floor(node / cols);
        const port = xyPort(x, y, dst % cols, Math.floor(dst / cols));
        const isNew = (outputs[node] & (1 << port)) === 0;
        outputs[node] |= 1 << port;
        if (port === PORT.local) break;
        if (isNew) links++;
        node = neighbour(x, y, port, rows, cols);
      }
    }
    const tree = this.#trees.length;
    this.#trees.push({ src, dsts, links, code: -1 - tree, outputs });
    return tree;
  }

  /** Throws RangeError for a tree that was not added. */
  of(tree: number): XyTree {
    const found = this.#trees[tree];
    if (found === undefined) throw new RangeError(`tree ${tree}: ${this.#trees.length} were added`);
    return found;
  }

  /** The outputs of a node's router for packets of the tree with that code. */
  outputs(code: number, node: number): number {
    return this.#trees[-1 - code].outputs[node];
  }
}
