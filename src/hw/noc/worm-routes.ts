/** The routes of worms: a worm for a packet at a node, with the outputs that it takes on its XY route. */
import type { PacketPool } from './packet-pool.ts';
import { neighbour, PORT, xyPort } from './ports.ts';
import type { RouterArray } from './router-array.ts';
import { STEP, type Worms } from './worms.ts';

export class WormRoutes {
  readonly #routers: RouterArray;
  readonly #packets: PacketPool;
  readonly #worms: Worms;
  readonly #rows: number;
  readonly #cols: number;

  constructor(routers: RouterArray, packets: PacketPool, worms: Worms, rows: number, cols: number) {
    this.#routers = routers;
    this.#packets = packets;
    this.#worms = worms;
    this.#rows = rows;
    this.#cols = cols;
  }

  claim(node: number, packet: number): number {
    const cols = this.#cols;
    const packets = this.#packets;
    const routers = this.#routers;
    const worms = this.#worms;
    const worm = worms.claim();
    worms.packet[worm] = packet;
    worms.source[worm] = node;
    worms.flits[worm] = packets.flits[packet];
    const toX = packets.dstX[packet];
    const toY = packets.dstY[packet];
    let x = node % cols;
    let y = Math.floor(node / cols);
    let at = worms.step(worm, 0);
    for (let here = node; ; at += 1 << STEP.bits) {
      const port = xyPort(x, y, toX, toY);
      worms.path[at + STEP.output] = routers.port(routers.router(here), port);
      if (port === PORT.local) break;
      here = neighbour(x, y, port, this.#rows, cols);
      x = here % cols;
      y = Math.floor(here / cols);
    }
    worms.hops[worm] = (at - worms.step(worm, 0)) >> STEP.bits;
    return worm;
  }
}
