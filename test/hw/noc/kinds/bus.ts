/** A shared bus, one transfer at a time and no routers: a kind of network in one file, outside the library. */
import { gridFloorplan } from '../../../../src/hw/noc/floorplan.ts';
import { nocKind } from '../../../../src/hw/noc/kind.ts';
import { checkPacket, type Noc, type NocCounts } from '../../../../src/hw/noc/noc.ts';
import type { Clock } from '../../../../src/sim/clock.ts';
import { Component } from '../../../../src/sim/component.ts';
import type { Kernel } from '../../../../src/sim/kernel.ts';
import { Phase } from '../../../../src/sim/tick.ts';
import { linkCost } from '../../../../src/tech/noc-cost.ts';

/** Transfers wait for each other; a flit takes a cycle, and its wires pass all tiles. */
export class Bus extends Component implements Noc {
  readonly nodes: number;
  onDeliver: (node: number, tag: number) => void = () => {};
  readonly #clock: Clock;
  readonly #arrive: number;
  readonly #packets: { readonly dst: number; readonly flits: number; readonly tag: number }[] = [];
  #next = 0;
  #freeAt = 0;
  #flits = 0;

  constructor(parent: Component | Kernel, name: string, nodes: number, clock: Clock) {
    super(parent, name);
    this.nodes = nodes;
    this.#clock = clock;
    this.#arrive = this.kernel.handler(() => this.#deliver());
  }

  get counts(): NocCounts {
    const [packets, flits] = [this.#next, this.#flits];
    return {
      packets,
      flits,
      flitHops: flits,
      flitLengths: flits,
      routerTraversals: 0,
      bufferWrites: 0,
      bufferReads: 0,
      allocations: packets,
    };
  }

  hops(_src: number, _dst: number): number {
    return 1;
  }

  wire(src: number, dst: number): number {
    return this.hops(src, dst);
  }

  routers(_src: number, _dst: number): number {
    return 0;
  }

  linkEnds(link: number): never {
    throw new RangeError(`a bus has no link ${link}`);
  }

  /** First come, first served: no turns. */
  reset(): void {}

  send(src: number, dst: number, flits: number, tag: number): void {
    checkPacket(this.nodes, src, dst, flits);
    this.#packets.push({ dst, flits, tag });
    this.#freeAt = Math.max(this.#freeAt, this.#clock.edge()) + flits * this.#clock.period;
    this.kernel.at(this.#freeAt, Phase.Deliver, this.#arrive, 0);
  }

  #deliver(): void {
    const { dst, flits, tag } = this.#packets[this.#next++];
    this.#flits += flits;
    this.onDeliver(dst, tag);
  }
}

export const kind = nocKind({
  name: 'bus',
  options: [],
  timeless: [],
  broadcasts: ['unicast'],
  clocked: true,
  foldTiles: false,
  nearHub: false,
  closedForm: false,
  floorplan: tiles => gridFloorplan(tiles),
  energy: ({ digital, options, tiles, tileSide_m }) => ({
    router_J: 0,
    link_J: linkCost(digital, options.flit, tiles * tileSide_m).energy_J,
    clock_J: 0,
    stages: 0,
  }),
  blocks: ({ digital, options, tiles, tileSide_m }) => {
    const { leakage_W } = linkCost(digital, options.flit, tiles * tileSide_m);
    // An arbiter as large as a tile's controller.
    return [{ component: 'noc.bus', area_m2: digital.controller.area, leakage_W }];
  },
  build: (parent, clock, _site, { nodes }) => new Bus(parent, 'noc', nodes, clock),
});
