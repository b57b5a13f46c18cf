/** The nodes' side of injection: a queue of packets each, one flit per cycle, and the choice of a VC for every packet. */
import { BitSet } from './bit-set.ts';
import type { FixedDelay } from './fixed-delay.ts';
import type { PacketPool } from './packet-pool.ts';
import { PORT } from './ports.ts';
import type { RouterArray } from './router-array.ts';
import { PORT_FIELD, ROUTER, VC } from './router-layout.ts';

/** A flit written to the injection channel in cycle t can be allocated to in cycle t + 2, as in BookSim 2. */
export const INJECTION_CYCLES = 2;

const { free: FREE, tailSent: TAIL_SENT } = PORT_FIELD;
const { bit: BIT, credits: CREDITS, peer: PEER } = VC;

/** Fields of a node: first and last packet of its queue, and its length; the VC in use, and the index of the last one. */
const FIRST = 0;
const LAST = 1;
const QUEUED = 2;
const CURRENT = 3;
const LAST_VC = 4;
const NODE_WORDS = 8;

/** One class of traffic: the flits of a packet leave one after another, packets in the order of send(). */
export class SourceQueues {
  /** Nodes that may have a flit to inject; a node without credit leaves it until a credit comes back. */
  readonly active: BitSet;
  readonly #routers: RouterArray;
  readonly #packets: PacketPool;
  readonly #channel: FixedDelay;
  readonly #waitForTailCredit: boolean;
  readonly #nodes: Int32Array;

  constructor(routers: RouterArray, channel: FixedDelay, waitForTailCredit: boolean) {
    const { nodes } = routers;
    this.#routers = routers;
    this.#packets = routers.packets;
    this.#channel = channel;
    this.#waitForTailCredit = waitForTailCredit;
    this.active = new BitSet(nodes);
    this.#nodes = new Int32Array(nodes * NODE_WORDS);
    for (let node = 0; node < nodes; node++) this.#nodes[node * NODE_WORDS + FIRST] = -1;
    this.reset();
  }

  /** Every node begins with VC 0 again. */
  reset(): void {
    for (let at = 0; at < this.#nodes.length; at += NODE_WORDS) this.#nodes[at + LAST_VC] = -1;
  }

  /** Packets of `node` that have not left entirely. */
  queued(node: number): number {
    return this.#nodes[node * NODE_WORDS + QUEUED];
  }

  enqueue(node: number, packet: number): void {
    this.queue(node, packet);
    this.active.add(node);
  }

  /** As enqueue(), for a node that does not inject its flits one by one. */
  queue(node: number, packet: number): void {
    const nodes = this.#nodes;
    const at = node * NODE_WORDS;
    if (nodes[at + FIRST] < 0) nodes[at + FIRST] = packet;
    else this.#packets.next[nodes[at + LAST]] = packet;
    nodes[at + LAST] = packet;
    nodes[at + QUEUED]++;
  }

  /** The first packet of a node, or -1. */
  first(node: number): number {
    return this.#nodes[node * NODE_WORDS + FIRST];
  }

  /** The first packet of `node` leaves as a whole, by the VC next in turn, which nothing holds: that VC. */
  leave(node: number): number {
    const nodes = this.#nodes;
    const at = node * NODE_WORDS;
    const routers = this.#routers;
    const v = nodes[at + LAST_VC] + 1 >= routers.vcs ? 0 : nodes[at + LAST_VC] + 1;
    nodes[at + FIRST] = this.#packets.next[nodes[at + FIRST]];
    nodes[at + QUEUED]--;
    nodes[at + LAST_VC] = v;
    return routers.vc(routers.port(routers.router(node), PORT.source), v);
  }

  /** A packet that left as a whole goes on flit by flit: `left` of them have not gone, and it holds VC `vc`. */
  resume(node: number, packet: number, vc: number, left: number): void {
    const nodes = this.#nodes;
    const at = node * NODE_WORDS;
    const { words } = this.#routers;
    if (nodes[at + FIRST] < 0) nodes[at + LAST] = packet;
    this.#packets.next[packet] = nodes[at + FIRST];
    this.#packets.flitsLeft[packet] = left;
    nodes[at + FIRST] = packet;
    nodes[at + QUEUED]++;
    nodes[at + CURRENT] = vc;
    words[words[vc + VC.port] + FREE] &= ~words[vc + BIT];
    this.active.add(node);
  }

  /** Credits to nodes' own ports come back in this cycle. */
  takeCredits(line: FixedDelay): void {
    line.advance();
    const { end, entries, start } = line;
    for (let i = start; i < end; i++) this.#takeCredit(entries[i]);
  }

  /** A credit for VC `vc` of a node's own port has come back. */
  #takeCredit(vc: number): void {
    const { depth, words } = this.#routers;
    const left = ++words[vc + CREDITS];
    if (this.#waitForTailCredit && left === depth) this.#routers.freeDrained(vc);
    const node = words[words[vc + VC.router] + ROUTER.node];
    if (this.#nodes[node * NODE_WORDS + FIRST] >= 0) this.active.add(node);
  }

  /** Injects one flit of `node` if it can; returns the packet whose head went out, else -1. */
  inject(node: number): number {
    const nodes = this.#nodes;
    const { words } = this.#routers;
    const at = node * NODE_WORDS;
    const packet = nodes[at + FIRST];
    const head = nodes[at + CURRENT] === 0;
    if (head && packet >= 0) this.#chooseVc(node, packet);
    const vc = nodes[at + CURRENT];
    if (vc === 0 || words[vc + CREDITS] === 0) {
      this.active.remove(node);
      return -1;
    }
    const left = --this.#packets.flitsLeft[packet];
    words[vc + CREDITS]--;
    this.#channel.push(words[vc + PEER]);
    if (left === 0) this.#endPacket(node, packet, vc);
    return head ? packet : -1;
  }

  #endPacket(node: number, packet: number, vc: number): void {
    const nodes = this.#nodes;
    const at = node * NODE_WORDS;
    const { words } = this.#routers;
    words[words[vc + VC.port] + (this.#waitForTailCredit ? TAIL_SENT : FREE)] |= words[vc + BIT];
    const next = this.#packets.next[packet];
    nodes[at + CURRENT] = 0;
    nodes[at + FIRST] = next;
    nodes[at + QUEUED]--;
    if (next < 0) this.active.remove(node);
  }

  /** Takes the first VC after the one used last that is free and has a credit, if any; VC 0 for a node's first packet. */
  #chooseVc(node: number, packet: number): void {
    const nodes = this.#nodes;
    const at = node * NODE_WORDS;
    const routers = this.#routers;
    const { vcs, words } = routers;
    const port = routers.port(routers.router(node), PORT.source);
    let v = nodes[at + LAST_VC];
    for (let i = 0; i < vcs; i++) {
      v = v + 1 >= vcs ? 0 : v + 1;
      const vc = routers.vc(port, v);
      if (((words[port + FREE] >> v) & 1) === 0 || words[vc + CREDITS] === 0) continue;
      nodes[at + LAST_VC] = v;
      nodes[at + CURRENT] = vc;
      routers.rings.announce(words[vc + PEER], packet);
      words[port + FREE] &= ~(1 << v);
      words[port + TAIL_SENT] &= ~(1 << v);
      return;
    }
  }
}
