/** The load of the known weights before the first image; what it takes is booked once, under no step. */
import type { Kernel } from '../../sim/kernel.ts';
import { Resource } from '../../sim/resource.ts';
import { Phase, type Tick } from '../../sim/tick.ts';
import { loadSlot } from '../job-table.ts';
import type { Packets } from './packets.ts';
import type { PlacedTile } from './scatter.ts';

export interface WeightLoadSetup {
  readonly kernel: Kernel;
  readonly packets: Packets;
  readonly hub: number;
  /** Cycle of the network; 0 for one that takes no time. */
  readonly cycle: Tick;
  /** The ledger's entry for what happens once. */
  readonly once: number;
}

export class WeightLoad {
  readonly #setup: WeightLoadSetup;
  readonly #tiles: PlacedTile[] = [];
  /** Set of weights of each. */
  readonly #sets: number[] = [];
  readonly #arrived: number;
  #left = 0;
  #onLoaded: () => void = () => {};

  constructor(setup: WeightLoadSetup) {
    this.#setup = setup;
    this.#arrived = setup.kernel.handler(i => this.#tiles[i].tile.write(loadSlot(setup.once, this.#sets[i])));
  }

  /** A tile whose weights of one set are known. */
  add(tile: PlacedTile, set: number): void {
    this.#tiles.push(tile);
    this.#sets.push(set);
  }

  /** Bits of all known weights. */
  get bits(): number {
    return this.#tiles.reduce((sum, { tile }) => sum + tile.block.all.weightBits, 0);
  }

  /**
   * Programs every tile. All weights come from the hub, whose channel takes one flit a cycle: nothing else is on the
   * network, so that is its whole contention, and the flits are not simulated one by one. The pipeline of the routers
   * (some tens of cycles) is left out.
   */
  start(onLoaded: () => void): void {
    const { kernel, packets, hub, cycle, once } = this.#setup;
    this.#left = this.#tiles.length;
    this.#onLoaded = onLoaded;
    const channel = new Resource(kernel, 1);
    this.#tiles.forEach(({ tile, node }, i) => {
      const flits = packets.book(once, hub, node, tile.block.one.weightBits);
      channel.claim(flits * cycle, Phase.Deliver, this.#arrived, i);
    });
    if (this.#left === 0) onLoaded();
  }

  /** A tile has programmed its crossbars. */
  onWritten(): void {
    if (--this.#left === 0) this.#onLoaded();
  }
}
