/** The state of all routers of a mesh as typed arrays: input buffers, VC states, credits, round-robin pointers. */
import { packetOf, TAIL } from './flit.ts';
import type { MeshParams } from './mesh-params.ts';
import type { PacketPool } from './packet-pool.ts';
import { neighbour, PORT, PORT_SHIFT, PORT_STRIDE, xyPort } from './ports.ts';

/** Where the packet at the front of an input VC stands. */
export const VC_STATE = { idle: 0, waiting: 1, active: 2 } as const;

/**
 * Index `port` = router * PORT_STRIDE + port; index `vc` = port << vcShift | VC. The same numbers serve input
 * VCs and output VCs; port `source` of a router holds the credits of its node.
 */
export class RouterArray {
  readonly vcs: number;
  readonly depth: number;
  readonly vcShift: number;
  readonly packets: PacketPool;
  /** Coordinates of every router. */
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** port -> the port at the other end of its link: where a flit goes to, and where a credit goes back to. */
  readonly peer: Int32Array;

  /** Input VC: ring of flits (vc * depth + place), place of the front, flits held. */
  readonly flits: Int32Array;
  readonly front: Int32Array;
  readonly held: Int32Array;
  /** Input VC: VC_STATE, output port of the packet at the front, and the output VC that it was given. */
  readonly state: Uint8Array;
  readonly route: Uint8Array;
  readonly outVc: Int32Array;
  /** Output VC: free places in the buffer behind it, and the input VC that holds it, or -1. */
  readonly credits: Int32Array;
  readonly owner: Int32Array;

  /** Input port: masks of VCs in the routing stage, that wait for an output VC, and with a flit and a credit. */
  readonly routing: Int32Array;
  readonly waiting: Int32Array;
  readonly ready: Int32Array;
  /** Router: masks of input ports where the mask above is not 0. */
  readonly routingPorts: Uint8Array;
  readonly waitingPorts: Uint8Array;
  readonly readyPorts: Uint8Array;
  /** Output port: masks of VCs that no packet holds, and whose packet's tail has gone. */
  readonly freeVcs: Int32Array;
  readonly tailSent: Int32Array;

  /** iSLIP pointers of the VC allocator, per output VC and per input VC. */
  readonly vcGrant: Int32Array;
  readonly vcAccept: Int32Array;
  /** iSLIP pointers of the switch allocator, per output and input port, and the VC that an input offers first. */
  readonly switchGrant: Uint8Array;
  readonly switchAccept: Uint8Array;
  readonly switchVc: Uint8Array;

  readonly #lookAhead: boolean;

  constructor(params: MeshParams, packets: PacketPool) {
    const { rows, cols, vcs, depth } = params;
    const routers = rows * cols;
    const ports = routers * PORT_STRIDE;
    this.vcs = vcs;
    this.depth = depth;
    this.vcShift = Math.ceil(Math.log2(vcs));
    this.packets = packets;
    this.#lookAhead = params.routerStages === 3;
    const channels = ports << this.vcShift;

    this.x = Int32Array.from({ length: routers }, (_, r) => r % cols);
    this.y = Int32Array.from({ length: routers }, (_, r) => Math.floor(r / cols));
    this.peer = new Int32Array(ports).fill(-1);
    for (let r = 0; r < routers; r++) {
      for (let p = 0; p < PORT.local; p++) {
        const next = neighbour(this.x[r], this.y[r], p, rows, cols);
        if (next >= 0) this.peer[r * PORT_STRIDE + p] = next * PORT_STRIDE + (p ^ 1);
      }
      this.peer[r * PORT_STRIDE + PORT.local] = r * PORT_STRIDE + PORT.source;
      this.peer[r * PORT_STRIDE + PORT.source] = r * PORT_STRIDE + PORT.local;
    }

    this.flits = new Int32Array(channels * depth);
    this.front = new Int32Array(channels);
    this.held = new Int32Array(channels);
    this.state = new Uint8Array(channels);
    this.route = new Uint8Array(channels);
    this.outVc = new Int32Array(channels);
    this.credits = new Int32Array(channels).fill(depth);
    this.owner = new Int32Array(channels).fill(-1);
    this.routing = new Int32Array(ports);
    this.waiting = new Int32Array(ports);
    this.ready = new Int32Array(ports);
    this.routingPorts = new Uint8Array(routers);
    this.waitingPorts = new Uint8Array(routers);
    this.readyPorts = new Uint8Array(routers);
    this.freeVcs = new Int32Array(ports).fill(2 ** vcs - 1);
    this.tailSent = new Int32Array(ports);
    this.vcGrant = new Int32Array(channels);
    this.vcAccept = new Int32Array(channels);
    this.switchGrant = new Uint8Array(ports);
    this.switchAccept = new Uint8Array(ports);
    this.switchVc = new Uint8Array(ports);
  }

  /** Writes a flit that has arrived into its buffer; true when the router has something new to do. */
  arrive(vc: number, word: number): boolean {
    const held = this.held[vc];
    let place = this.front[vc] + held;
    if (place >= this.depth) place -= this.depth;
    this.flits[vc * this.depth + place] = word;
    this.held[vc] = held + 1;
    const state = this.state[vc];
    if (state === VC_STATE.idle) this.startPacket(vc, word);
    else if (state === VC_STATE.active && held === 0 && this.credits[this.outVc[vc]] > 0) this.setReady(vc);
    else return false;
    return true;
  }

  /** A head flit has come to the front of an idle VC: look-ahead routers know its output already. */
  startPacket(vc: number, head: number): void {
    const port = vc >> this.vcShift;
    const router = port >> PORT_SHIFT;
    const packet = packetOf(head);
    const { packets } = this;
    this.route[vc] = xyPort(this.x[router], this.y[router], packets.dstX[packet], packets.dstY[packet]);
    this.state[vc] = VC_STATE.waiting;
    const bit = 1 << (vc & ((1 << this.vcShift) - 1));
    const portBit = 1 << (port & (PORT_STRIDE - 1));
    if (this.#lookAhead) {
      this.waiting[port] |= bit;
      this.waitingPorts[router] |= portBit;
    } else {
      this.routing[port] |= bit;
      this.routingPorts[router] |= portBit;
    }
  }

  /** The packet at the front of `vc` holds `outVc` from now on. */
  give(vc: number, outVc: number): void {
    this.outVc[vc] = outVc;
    this.owner[outVc] = vc;
    this.state[vc] = VC_STATE.active;
    if (this.credits[outVc] > 0) this.setReady(vc);
  }

  /** A credit has come back after there was none: the holder of the output VC may go on; true when there is one. */
  resume(outVc: number): boolean {
    const vc = this.owner[outVc];
    if (vc < 0 || this.held[vc] === 0) return false;
    this.setReady(vc);
    return true;
  }

  /** The packet at the front holds an output VC, has a flit here and a credit: it may ask for the switch. */
  setReady(vc: number): void {
    const port = vc >> this.vcShift;
    this.ready[port] |= 1 << (vc & ((1 << this.vcShift) - 1));
    this.readyPorts[port >> PORT_SHIFT] |= 1 << (port & (PORT_STRIDE - 1));
  }

  /** End of the routing stage of a 4-stage router: packets go on to VC allocation. */
  finishRouting(router: number): void {
    for (let p = 0; p <= PORT.local; p++) {
      const port = router * PORT_STRIDE + p;
      this.waiting[port] |= this.routing[port];
      this.routing[port] = 0;
    }
    this.waitingPorts[router] |= this.routingPorts[router];
    this.routingPorts[router] = 0;
  }

  /** Takes the front flit of an input VC that won the switch, and a credit; moves the VC on to its next flit or packet. */
  depart(vc: number): number {
    const place = this.front[vc];
    const word = this.flits[vc * this.depth + place];
    const next = place + 1 === this.depth ? 0 : place + 1;
    const held = this.held[vc] - 1;
    const outVc = this.outVc[vc];
    const left = this.credits[outVc] - 1;
    this.front[vc] = next;
    this.held[vc] = held;
    this.credits[outVc] = left;
    const tail = (word & TAIL) !== 0;
    if (!tail && held > 0 && left > 0) return word;
    const port = vc >> this.vcShift;
    const ready = this.ready[port] & ~(1 << (vc & ((1 << this.vcShift) - 1)));
    this.ready[port] = ready;
    if (ready === 0) this.readyPorts[port >> PORT_SHIFT] &= ~(1 << (port & (PORT_STRIDE - 1)));
    if (tail) {
      this.owner[outVc] = -1;
      this.state[vc] = VC_STATE.idle;
      if (held > 0) this.startPacket(vc, this.flits[vc * this.depth + next]);
    }
    return word;
  }
}
