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
  readonly steps: number;
}

export class Gather {
  readonly #packets: Packets;
  readonly #hub: number;
  readonly #accumulator: Accumulator;
  readonly #results: Barrier;
  /** Partial sums of one vector, by step. */
  readonly #partials: number[];

  constructor({ packets, hub, accumulator, steps }: GatherSetup) {
    this.#packets = packets;
    this.#hub = hub;
    this.#accumulator = accumulator;
    this.#results = stepBarrier(steps);
    this.#partials = new Array<number>(steps).fill(0);
  }

  /** These are the tiles of a step's layer. */
  connect(step: number, tiles: readonly PlacedTile[]): void {
    expectAll(this.#results, step, tiles);
    this.#partials[step] = tiles.reduce((sum, { tile }) => sum + tile.block.all.partials, 0);
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

/** Waits for the tiles of a step's layer, by slot; see expectAll(). */
export const stepBarrier = (steps: number): Barrier => new Barrier(new Int32Array(steps * WINDOW));

/** All tiles of the layer of `step` are waited for. */
export const expectAll = (barrier: Barrier, step: number, tiles: readonly PlacedTile[]): void =>
  barrier.expect(tiles.length, step * WINDOW, (step + 1) * WINDOW);
