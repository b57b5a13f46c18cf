/** The interface of a network on chip; vocabulary after Jiang et al., BookSim 2 (ISPASS 2013). */
import type { Component } from '../../sim/component.ts';

/** What an energy model needs to know about the traffic so far; every figure is a count of events. */
export interface NocCounts {
  /** Packets and flits that left the network at their destination. */
  readonly packets: number;
  readonly flits: number;
  /** Flits times links between routers (or between the switches of a tree). */
  readonly flitHops: number;
  /** Flits through the crossbar of a router. */
  readonly routerTraversals: number;
  /** Flits written to and read from the input buffers of routers. */
  readonly bufferWrites: number;
  readonly bufferReads: number;
  /** Grants of VC allocators and of switch allocators. */
  readonly allocations: number;
}

/** Carries packets of flits between nodes. How many bits fill a flit is the caller's business. */
export interface Noc extends Component {
  /** Nodes are 0 .. nodes - 1. */
  readonly nodes: number;
  /**
   * Queues a packet of `flits` >= 1 flits at its source now; `tag` comes back at delivery, unread.
   * `src` may equal `dst`: the packet goes through the local router. Throws RangeError on anything else.
   */
  send(src: number, dst: number, flits: number, tag: number): void;
  /** Called in Phase.Deliver, when the tail flit has left the channel to its destination. */
  onDeliver: (node: number, tag: number) => void;
  /** Links between routers on the route. */
  hops(src: number, dst: number): number;
  /** Routers, or switches, that a flit passes on the route; 0 where there are none. */
  routers(src: number, dst: number): number;
  readonly counts: NocCounts;
  /** Whose turn it is anywhere is forgotten: the network, which must be empty, is as it was built. Counts stay. */
  reset(): void;
}

/** Throws RangeError unless the packet can be sent in a network of `nodes` nodes. */
export function checkPacket(nodes: number, src: number, dst: number, flits: number): void {
  if (
    !(src >= 0 && src < nodes && dst >= 0 && dst < nodes) ||
    !Number.isInteger(src) ||
    !Number.isInteger(dst)
  ) {
    throw new RangeError(`packet from node ${src} to node ${dst} in a network of ${nodes} nodes`);
  }
  if (!(flits >= 1 && flits <= MAX_FLITS) || !Number.isInteger(flits)) {
    throw new RangeError(`packet of ${flits} flits: needs an integer in 1 .. ${MAX_FLITS}`);
  }
}

/** Flit counts are held as 32-bit integers. */
const MAX_FLITS = 2 ** 31 - 1;
