/** Send: a vector goes from the hub to the tiles of its layer, or the weights of each tile to that tile. */
import { type Step, stepOf } from '../program.ts';
import type { Tile } from '../tile.ts';
import type { Packets } from './packets.ts';

/** A tile and the node of the network at which it stands. */
export interface PlacedTile {
  readonly tile: Tile;
  readonly node: number;
}

/** The tiles of one step's layer. */
interface Targets {
  readonly write: boolean;
  readonly tiles: readonly PlacedTile[];
  /** Those that get a vector from the hub; others get it from a tile before. */
  readonly heads: readonly PlacedTile[];
}

export interface ScatterSetup {
  readonly packets: Packets;
  readonly hub: number;
  /** Nodes of the network. */
  readonly nodes: number;
  /** A tile hands its inputs on to the next tile of its layer that needs the same ones. */
  readonly chain: boolean;
  readonly steps: readonly Step[];
  /** Tiles of a step's layer; none for steps without crossbars. */
  readonly tilesOf: (step: Step) => readonly PlacedTile[];
}

export class Scatter {
  readonly #packets: Packets;
  readonly #hub: number;
  readonly #targets: readonly Targets[];
  /** By node. */
  readonly #tileAt: (Tile | undefined)[];
  readonly #nextAt: Int32Array;

  constructor({ packets, hub, nodes, chain, steps, tilesOf }: ScatterSetup) {
    this.#packets = packets;
    this.#hub = hub;
    this.#tileAt = new Array<Tile | undefined>(nodes).fill(undefined);
    this.#nextAt = new Int32Array(nodes).fill(-1);
    this.#targets = steps.map(step => {
      const tiles = tilesOf(step);
      for (const { tile, node } of tiles) this.#tileAt[node] = tile;
      return { write: step.kind === 'write', tiles, heads: chain ? this.#link(tiles) : tiles };
    });
  }

  /** Sends the operands of a job, which have left the global buffer. */
  send(slot: number): void {
    const { write, tiles, heads } = this.#targets[stepOf(slot)];
    if (write) {
      for (const { tile, node } of tiles)
        this.#packets.send(slot, this.#hub, node, tile.block.one.weightBits);
    } else {
      for (const { tile, node } of heads) this.#packets.send(slot, this.#hub, node, tile.block.one.inputBits);
    }
  }

  /** A packet has come to the tile at `node`. */
  arrive(node: number, slot: number): void {
    const tile = this.#tileAt[node] as Tile;
    if (this.#targets[stepOf(slot)].write) {
      tile.write(slot);
      return;
    }
    const next = this.#nextAt[node];
    if (next >= 0) this.#packets.send(slot, node, next, tile.block.one.inputBits);
    tile.read(slot);
  }

  /** Chains tiles with the same inputs; returns the first of each chain. */
  #link(tiles: readonly PlacedTile[]): PlacedTile[] {
    const lastWith = new Map<string, number>();
    return tiles.filter(({ tile, node }) => {
      const before = lastWith.get(tile.block.inputs);
      if (before !== undefined) this.#nextAt[before] = node;
      lastWith.set(tile.block.inputs, node);
      return before === undefined;
    });
  }
}
