/** The nodes' side of injection: a queue of packets each, one flit per cycle, and the choice of a VC for every packet. */
import { BitSet } from './bit-set.ts';
import type { DelayLine } from './delay-line.ts';
import { flit } from './flit.ts';
import type { PacketPool } from './packet-pool.ts';
import { PORT, PORT_STRIDE } from './ports.ts';
import type { RouterArray } from './router-array.ts';

/** A flit written to the injection channel in cycle t can be allocated to in cycle t + 2, as in BookSim 2. */
export const INJECTION_CYCLES = 2;

/** One class of traffic: the flits of a packet leave one after another, packets in the order of send(). */
export class SourceQueues {
  /** Nodes that may have a flit to inject; a node without credit leaves it until a credit comes back. */
  readonly active: BitSet;
  /** Packets per node that have not left entirely. */
  readonly queued: Int32Array;
  readonly #routers: RouterArray;
  readonly #packets: PacketPool;
  readonly #channel: DelayLine;
  readonly #waitForTailCredit: boolean;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** VC of the packet that is leaving, or -1, and VC of the packet before. */
  readonly #vc: Int32Array;
  readonly #lastVc: Int32Array;

  constructor(routers: RouterArray, channel: DelayLine, waitForTailCredit: boolean) {
    const nodes = routers.x.length;
    this.#routers = routers;
    this.#packets = routers.packets;
    this.#channel = channel;
    this.#waitForTailCredit = waitForTailCredit;
    this.active = new BitSet(nodes);
    this.queued = new Int32Array(nodes);
    this.#first = new Int32Array(nodes).fill(-1);
    this.#last = new Int32Array(nodes).fill(-1);
    this.#vc = new Int32Array(nodes).fill(-1);
    this.#lastVc = new Int32Array(nodes).fill(-1);
  }

  enqueue(node: number, packet: number): void {
    if (this.#first[node] < 0) this.#first[node] = packet;
    else this.#packets.next[this.#last[node]] = packet;
    this.#last[node] = packet;
    this.queued[node]++;
    this.active.add(node);
  }

  /** A credit has come back to `node`. */
  wake(node: number): void {
    if (this.#first[node] >= 0) this.active.add(node);
  }

  /** Injects one flit of `node` if it can; returns the packet whose head went out, else -1. */
  inject(node: number): number {
    const packet = this.#first[node];
    const port = node * PORT_STRIDE + PORT.source;
    const { credits, freeVcs, tailSent, vcShift } = this.#routers;
    const head = this.#vc[node] < 0;
    const vc = head && packet >= 0 ? this.#chooseVc(node) : this.#vc[node];
    if (vc < 0 || credits[(port << vcShift) | vc] === 0) {
      this.active.remove(node);
      return -1;
    }
    const left = --this.#packets.flitsLeft[packet];
    const tail = left === 0;
    credits[(port << vcShift) | vc]--;
    const input = ((port - PORT.source + PORT.local) << vcShift) | vc;
    this.#channel.push(INJECTION_CYCLES, input, flit(packet, head, tail));
    if (head) {
      this.#lastVc[node] = vc;
      this.#vc[node] = vc;
      freeVcs[port] &= ~(1 << vc);
      tailSent[port] &= ~(1 << vc);
    }
    if (tail) {
      this.#vc[node] = -1;
      if (this.#waitForTailCredit) tailSent[port] |= 1 << vc;
      else freeVcs[port] |= 1 << vc;
      const next = this.#packets.next[packet];
      this.#first[node] = next;
      this.queued[node]--;
      if (next < 0) this.active.remove(node);
    }
    return head ? packet : -1;
  }

  /** The first VC after the one used last that is free and has a credit; VC 0 for a node's first packet. */
  #chooseVc(node: number): number {
    const { credits, freeVcs, vcs, vcShift } = this.#routers;
    const port = node * PORT_STRIDE + PORT.source;
    let vc = this.#lastVc[node];
    for (let i = 0; i < vcs; i++) {
      vc = vc + 1 >= vcs ? 0 : vc + 1;
      if (((freeVcs[port] >> vc) & 1) !== 0 && credits[(port << vcShift) | vc] > 0) return vc;
    }
    return -1;
  }
}
