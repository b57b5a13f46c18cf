/** The state of all routers of a mesh in one array of words, and how arrivals and grants change it. */
import { log2 } from '../../base/math.ts';
import type { MeshParams } from './mesh-params.ts';
import type { PacketPool } from './packet-pool.ts';
import { PacketRings, ringWords } from './packet-rings.ts';
import { neighbour, PORT, xyPort } from './ports.ts';
import { lowest } from './round-robin.ts';
import { COPY_SENT, LINE, PORT_FIELD, RING, ROUTER, VC, VC_STATE } from './router-layout.ts';
import type { XyTrees } from './xy-trees.ts';

const PORTS = PORT.source + 1;

/** Hears where packets are. */
export interface PacketTrack {
  readonly onGive: (packet: number, vc: number, outVc: number) => void;
  readonly onLeave: (packet: number) => void;
}

/** Routers, ports and VCs are named by the place of their first word; place 0 is never a port or a VC. */
export class RouterArray {
  readonly words: Int32Array;
  /** The same memory: a field of two words at word w is the number w / 2 here. */
  readonly doubles: Float64Array;
  readonly nodes: number;
  readonly vcs: number;
  readonly depth: number;
  /** VC v of port p has the index p << vcShift | v within its router. */
  readonly vcShift: number;
  /** Distance from one router or port to the next. */
  readonly routerWords: number;
  readonly portWords: number;
  readonly packets: PacketPool;
  readonly rings: PacketRings;
  /** Tells of every packet of flits that gets an output VC, and of its tail that leaves a router; for meshes that ask. */
  track: PacketTrack | undefined;
  readonly #trees: XyTrees;
  readonly #lookAhead: boolean;
  readonly #rows: number;
  readonly #cols: number;

  constructor(params: MeshParams, packets: PacketPool, trees: XyTrees) {
    const { rows, cols, vcs, depth } = params;
    this.nodes = rows * cols;
    this.vcs = vcs;
    this.depth = depth;
    this.vcShift = Math.ceil(log2(vcs));
    const firstRing = PORT_FIELD.words + vcs * VC.words;
    this.portWords = Math.ceil((firstRing + vcs * ringWords(depth)) / LINE) * LINE;
    this.routerWords = ROUTER.words + PORTS * this.portWords;
    this.packets = packets;
    this.#trees = trees;
    this.#lookAhead = params.routerStages === 3;
    this.words = new Int32Array(this.nodes * this.routerWords);
    this.doubles = new Float64Array(this.words.buffer);
    this.rings = new PacketRings(this.words, firstRing, depth);
    this.#cols = cols;
    this.#rows = rows;
    this.reset();
  }

  /** All VCs free, all buffers empty, all pointers at their first place. */
  reset(): void {
    const cols = this.#cols;
    this.words.fill(0);
    for (let node = 0; node < this.nodes; node++) {
      const x = node % cols;
      const y = Math.floor(node / cols);
      const router = this.router(node);
      this.words[router + ROUTER.x] = x;
      this.words[router + ROUTER.y] = y;
      this.words[router + ROUTER.node] = node;
      for (let p = 0; p < PORTS; p++) {
        // LOCAL's other end is the node's own port.
        const next = p >= PORT.local ? node : neighbour(x, y, p, this.#rows, cols);
        this.#connect(router, p, next < 0 ? -1 : this.port(this.router(next), p ^ 1));
      }
    }
  }

  router(node: number): number {
    return node * this.routerWords;
  }

  port(router: number, p: number): number {
    return router + ROUTER.words + p * this.portWords;
  }

  /** The router that an input port belongs to, and the one at the other end of its link. */
  linkInto(port: number): { readonly node: number; readonly from: number } {
    const node = Math.floor(port / this.routerWords);
    const p = (port - this.router(node) - ROUTER.words) / this.portWords;
    const [x, y] = [node % this.#cols, Math.floor(node / this.#cols)];
    return { node, from: neighbour(x, y, p, this.#rows, this.#cols) };
  }

  vc(port: number, v: number): number {
    return port + PORT_FIELD.words + v * VC.words;
  }

  /** Port p of a router with all VCs free, `peer` (a port, or -1) at the other end of its link. */
  #connect(router: number, p: number, peer: number): void {
    const { words } = this;
    const port = this.port(router, p);
    words[port + PORT_FIELD.number] = p;
    words[port + PORT_FIELD.free] = 2 ** this.vcs - 1;
    for (let v = 0; v < this.vcs; v++) {
      const vc = this.vc(port, v);
      words[vc + VC.credits] = this.depth;
      words[vc + VC.peer] = peer < 0 ? 0 : this.vc(peer, v);
      words[vc + VC.port] = port;
      words[vc + VC.router] = router;
      words[vc + VC.bit] = 1 << v;
      words[vc + VC.portBit] = 1 << p;
    }
  }

  /** Flits in the buffers of an input port. */
  heldAt(port: number): number {
    const { words, vcs } = this;
    let held = 0;
    for (let v = 0; v < vcs; v++) held += words[this.vc(port, v) + VC.held];
    return held;
  }

  /** A head flit has come to the front of an idle VC: look-ahead routers know its output already. */
  startPacket(vc: number): void {
    const { packets, words } = this;
    const packet = this.rings.packet(vc);
    const router = words[vc + VC.router];
    const port = words[vc + VC.port];
    const toX = packets.dstX[packet];
    if (toX < 0) this.#nextCopy(vc, this.#trees.outputs(toX, words[router + ROUTER.node]));
    else {
      const x = words[router + ROUTER.x];
      const y = words[router + ROUTER.y];
      const route = xyPort(x, y, toX, packets.dstY[packet]);
      words[vc + VC.route] = route;
      words[vc + VC.outPort] = this.port(router, route);
      words[vc + VC.left] = packets.flits[packet];
    }
    words[vc + VC.state] = VC_STATE.waiting;
    if (this.#lookAhead) {
      words[port + PORT_FIELD.waiting] |= words[vc + VC.bit];
      words[router + ROUTER.waiting] |= words[vc + VC.portBit];
    } else {
      words[port + PORT_FIELD.routing] |= words[vc + VC.bit];
      words[router + ROUTER.routing] |= words[vc + VC.portBit];
    }
  }

  /**
   * The next copy of the packet at the front goes to the first of `outputs`: on in X, then up or down a column, and to the
   * node itself last. That one leaves the tree and gets a packet of its own.
   */
  #nextCopy(vc: number, outputs: number): void {
    const { packets, words } = this;
    const ring = this.rings.of(vc);
    const router = words[vc + VC.router];
    const output = lowest(outputs);
    const left = outputs & (outputs - 1);
    const at = ring + RING.words + words[ring + RING.front];
    words[ring + RING.outputs] = left;
    words[vc + VC.route] = output;
    words[vc + VC.outPort] = this.port(router, output);
    words[vc + VC.left] = packets.flits[words[at]] + (left === 0 ? 0 : COPY_SENT);
    if (output === PORT.local) words[at] = packets.leaveTree(words[at], words[router + ROUTER.node]);
  }

  /** End of the routing stage of a 4-stage router: packets go on to VC allocation. */
  finishRouting(router: number): void {
    const { words } = this;
    for (let p = 0; p <= PORT.local; p++) {
      const port = this.port(router, p);
      words[port + PORT_FIELD.waiting] |= words[port + PORT_FIELD.routing];
      words[port + PORT_FIELD.routing] = 0;
    }
    words[router + ROUTER.waiting] |= words[router + ROUTER.routing];
    words[router + ROUTER.routing] = 0;
  }

  /** The waiting packet at the front of `vc` holds `outVc` from now on. */
  give(vc: number, outVc: number): void {
    const { words } = this;
    const port = words[vc + VC.port];
    const outPort = words[vc + VC.outPort];
    const left = words[port + PORT_FIELD.waiting] & ~words[vc + VC.bit];
    words[port + PORT_FIELD.waiting] = left;
    if (left === 0) words[words[vc + VC.router] + ROUTER.waiting] &= ~words[vc + VC.portBit];
    words[outPort + PORT_FIELD.free] &= ~words[outVc + VC.bit];
    words[outPort + PORT_FIELD.tailSent] &= ~words[outVc + VC.bit];
    const next = words[vc + VC.route] === PORT.local ? 0 : words[outVc + VC.peer];
    if (next !== 0) this.rings.announce(next, this.rings.packet(vc));
    this.track?.onGive(this.rings.packet(vc), vc, outVc);
    words[vc + VC.outVc] = outVc;
    words[vc + VC.next] = next;
    words[outVc + VC.owner] = vc;
    words[vc + VC.state] = VC_STATE.active;
    if (words[outVc + VC.credits] > 0) this.list(vc);
  }

  /** The packet at the front of an active VC has a flit here and a credit: from now on it asks for the switch. */
  list(vc: number): void {
    const { words } = this;
    const router = words[vc + VC.router];
    words[vc + VC.state] = VC_STATE.listed;
    words[words[vc + VC.port] + PORT_FIELD.listed] |= words[vc + VC.bit];
    words[router + ROUTER.listed] |= words[vc + VC.portBit];
    words[router + ROUTER.alone] = 0;
  }

  /** A listed VC has no flit or no credit, or its packet has left. */
  unlist(vc: number): void {
    const { words } = this;
    const router = words[vc + VC.router];
    const port = words[vc + VC.port];
    const left = words[port + PORT_FIELD.listed] & ~words[vc + VC.bit];
    words[vc + VC.state] = VC_STATE.active;
    words[port + PORT_FIELD.listed] = left;
    if (left === 0) words[router + ROUTER.listed] &= ~words[vc + VC.portBit];
    words[router + ROUTER.alone] = 0;
  }

  /** The tail has left input VC `vc`. */
  endPacket(vc: number, waitForTailCredit: boolean): void {
    const { words } = this;
    this.track?.onLeave(this.rings.packet(vc));
    this.rings.dropPacket(vc);
    this.#endOutput(vc, waitForTailCredit);
    words[vc + VC.state] = VC_STATE.idle;
    if (words[vc + VC.held] > 0) this.startPacket(vc);
  }

  /** The tail of a copy has left input VC `vc`, which still holds the whole packet: the next copy begins. */
  endCopy(vc: number, waitForTailCredit: boolean): void {
    const { words } = this;
    this.#endOutput(vc, waitForTailCredit);
    words[vc + VC.held] += this.packets.flits[this.rings.packet(vc)];
    this.#nextCopy(vc, words[this.rings.of(vc) + RING.outputs]);
    words[vc + VC.state] = VC_STATE.waiting;
    words[words[vc + VC.port] + PORT_FIELD.waiting] |= words[vc + VC.bit];
    words[words[vc + VC.router] + ROUTER.waiting] |= words[vc + VC.portBit];
  }

  /** A tail has gone to the output VC of `vc`: that is free, at once or when all credits are back. */
  #endOutput(vc: number, waitForTailCredit: boolean): void {
    const { words } = this;
    const outVc = words[vc + VC.outVc];
    this.unlist(vc);
    words[outVc + VC.owner] = 0;
    const field = waitForTailCredit ? PORT_FIELD.tailSent : PORT_FIELD.free;
    words[words[outVc + VC.port] + field] |= words[outVc + VC.bit];
  }

  /** All credits of an output VC are back: it is free again if its packet's tail has gone. */
  freeDrained(outVc: number): void {
    const { words } = this;
    const port = words[outVc + VC.port];
    words[port + PORT_FIELD.free] |= words[port + PORT_FIELD.tailSent] & words[outVc + VC.bit];
  }
}
