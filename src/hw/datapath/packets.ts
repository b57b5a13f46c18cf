/** Packets: bits cut into flits, booked on their way, and handed to the network. */
import { ProbePoint } from '../../sim/probe.ts';
import type { Ledger, Meter } from '../ledger.ts';
import { copiesFlits, type MulticastNoc, type Noc } from '../noc/noc.ts';
import { stepOf } from '../program.ts';

export interface PacketParams {
  readonly flitBits: number;
  /** Joules of one flit through a router and over a link; 0 when interconnect is left out. */
  readonly router_J: number;
  readonly link_J: number;
  /** Of a router's clock in a cycle in which it works, likewise. */
  readonly clock_J: number;
  /** Cycles that a flit spends in a router. */
  readonly stages: number;
}

export class Packets {
  /** Packets on the network become more, or with a negative number fewer: (how many). */
  readonly onTravel = new ProbePoint();
  readonly #params: PacketParams;
  readonly #noc: Noc;
  readonly #routers: Meter;
  readonly #links: Meter;
  readonly #clocks: Meter;
  /** By source and destinations: blocks that are built anew take the same ones. */
  readonly #trees = new Map<string, number>();
  /** Destinations of each tree. */
  readonly #treeSizes: number[] = [];

  constructor(params: PacketParams, noc: Noc, ledger: Ledger) {
    this.#params = params;
    this.#noc = noc;
    const { router_J, link_J, clock_J } = params;
    this.#routers = ledger.meter('router.flit', [{ component: 'interconnect.router', energy_J: router_J }]);
    this.#links = ledger.meter('link.flit', [{ component: 'interconnect.link', energy_J: link_J }]);
    this.#clocks = ledger.meter('router.cycle', [{ component: 'interconnect.clock', energy_J: clock_J }]);
  }

  /** Sends `bits` of a job from node to node; they arrive under its slot. */
  send(slot: number, from: number, to: number, bits: number): void {
    this.onTravel.emit(1);
    this.#noc.send(from, to, this.book(stepOf(slot), from, to, bits), slot);
  }

  /** Books the way of `bits` for `step`; returns their flits. */
  book(step: number, from: number, to: number, bits: number): number {
    const flits = this.#flits(bits);
    this.#count(step, flits, this.#noc.routers(from, to), this.#noc.wire(from, to));
    return flits;
  }

  /** The tree from a node to several, for sendTree(). */
  addTree(from: number, to: readonly number[]): number {
    const key = `${from} ${to.join(' ')}`;
    const known = this.#trees.get(key);
    if (known !== undefined) return known;
    const tree = this.#copying().addTree(from, to);
    this.#trees.set(key, tree);
    this.#treeSizes[tree] = to.length;
    return tree;
  }

  /** Sends `bits` of a job over a tree; they arrive under its slot at every node of it. Each copy is booked where it is made. */
  sendTree(slot: number, tree: number, bits: number): void {
    const noc = this.#copying();
    const flits = this.#flits(bits);
    this.#count(stepOf(slot), flits, noc.treeRouters(tree), noc.treeWire(tree));
    this.onTravel.emit(this.#treeSizes[tree]);
    noc.sendTree(tree, flits, slot);
  }

  #count(step: number, flits: number, routers: number, wire: number): void {
    this.#routers.counts[step] += flits * routers;
    this.#clocks.counts[step] += (flits + this.#params.stages - 1) * routers;
    this.#links.counts[step] += flits * wire;
  }

  #flits(bits: number): number {
    return Math.ceil(bits / this.#params.flitBits);
  }

  #copying(): MulticastNoc {
    if (!copiesFlits(this.#noc)) throw new Error('the network declares trees, but its routers copy nothing');
    return this.#noc;
  }
}
