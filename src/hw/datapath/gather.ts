/** Sum: the results of a layer's tiles go to the hub, where the global accumulator adds them when all are there. */
import type { Accumulator } from '../accumulator.ts';
import { Barrier } from '../barrier.ts';
import { stepOf, WINDOW } from '../program.ts';
import type { Packets } from './packets.ts';
import type { PlacedTile } from './scatter.ts';

export interface GatherSetup {
  readonly packets: Packets;
  readonly hub: number;
  readonly accumulator: Accumulator;
  /** Tiles of each step's layer. */
  readonly tiles: readonly (readonly PlacedTile[])[];
}

export class Gather {
  readonly #packets: Packets;
  readonly #hub: number;
  readonly #accumulator: Accumulator;
  readonly #results: Barrier;
  /** Partial sums of one vector, by step. */
  readonly #partials: readonly number[];

  constructor({ packets, hub, accumulator, tiles }: GatherSetup) {
    this.#packets = packets;
    this.#hub = hub;
    this.#accumulator = accumulator;
    this.#results = tileBarrier(tiles);
    this.#partials = tiles.map(of => of.reduce((sum, { tile }) => sum + tile.block.all.partials, 0));
  }

  /** Results of a job leave the tile at `node`. */
  send(slot: number, { tile, node }: PlacedTile): void {
    this.#packets.send(slot, node, this.#hub, tile.block.one.outputBits);
  }

  /** A tile's results have come to the hub. */
  arrive(slot: number): void {
    if (!this.#results.arrive(slot)) return;
    const step = stepOf(slot);
    this.#accumulator.add(step, this.#partials[step], slot);
  }
}

/** Waits for all tiles of a step's layer, by slot. */
export function tileBarrier(tiles: readonly (readonly PlacedTile[])[]): Barrier {
  const parties = new Int32Array(tiles.length * WINDOW);
  tiles.forEach((of, step) => {
    parties.fill(of.length, step * WINDOW, (step + 1) * WINDOW);
  });
  return new Barrier(parties);
}
