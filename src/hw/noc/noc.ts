/** The interface of a network on chip; vocabulary after Jiang et al., BookSim 2 (ISPASS 2013). */
import type { Component } from '../../sim/component.ts';
import type { ChipPlace } from './floorplan.ts';

/** What an energy model needs to know about the traffic so far; every figure is a count of events. */
export interface NocCounts {
  /** Packets and flits that left the network at their destination. */
  readonly packets: number;
  readonly flits: number;
  /** Flits times links between routers (or between the switches of a tree). */
  readonly flitHops: number;
  /** The same, each link by its length in the links that a joule of NocEnergy is for. */
  readonly flitLengths: number;
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
  /** Length of these links, in the links that a joule of NocEnergy is for; an integer. */
  wire(src: number, dst: number): number;
  /** Routers, or switches, that a flit passes on the route; 0 where there are none. */
  routers(src: number, dst: number): number;
  readonly counts: NocCounts;
  /** From where to where a link goes, by the name that its services have in the resource `links`; for pictures. */
  linkEnds(link: number): readonly [from: ChipPlace, to: ChipPlace];
  /** Whose turn it is anywhere is forgotten: the network, which must be empty, is as it was built. Counts stay. */
  reset(): void;
}

/** A network whose routers copy flits: a vector goes over each link of a tree once. */
export interface MulticastNoc extends Noc {
  /**
   * The tree of the routes from `src` to `dsts`, one or more different nodes, as the routers' tables hold it; returns its
   * number. Throws RangeError for nodes that there are not.
   */
  addTree(src: number, dsts: readonly number[]): number;
  /**
   * Queues `flits` for every destination of a tree at its source now. onDeliver(node, tag) follows once for each, when all
   * flits are there. To one destination it is send().
   */
  sendTree(tree: number, flits: number, tag: number): void;
  /** As hops(), wire() and routers() of a route: what one flit to all destinations passes, every copy counted. */
  treeHops(tree: number): number;
  /** Length of all its links, in tile sides: a flit passes each once. */
  treeWire(tree: number): number;
  /** Routers that a flit passes, every copy counted. */
  treeRouters(tree: number): number;
}

export const copiesFlits = (noc: Noc): noc is MulticastNoc => 'sendTree' in noc;

/** Throws RangeError unless a tree from `src` to `dsts` can stand in a network of `nodes` nodes. */
export function checkTree(nodes: number, src: number, dsts: readonly number[]): void {
  for (const dst of dsts) checkPacket(nodes, src, dst, 1);
  if (dsts.length === 0 || new Set(dsts).size !== dsts.length)
    throw new RangeError(`tree to ${dsts.length} nodes: needs one or more, each once`);
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
