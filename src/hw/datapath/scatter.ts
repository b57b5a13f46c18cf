/** Send: a vector goes from the hub to the tiles of its layer, or the weights of each tile to that tile. */
import type { Broadcast } from '../noc/kind.ts';
import { type Step, stepOf } from '../program.ts';
import type { Tile } from '../tile.ts';
import type { Deal } from './deal.ts';
import type { Packets } from './packets.ts';

/** A tile and the node of the network at which it stands. */
export interface PlacedTile {
  readonly tile: Tile;
  readonly node: number;
}

/** The tiles of one step's layer, or of one of its copies. */
interface Targets {
  readonly write: boolean;
  readonly tiles: readonly PlacedTile[];
  /** Those that get a vector in a packet of their own from the hub; others get it from a tile before, or over a tree. */
  readonly heads: readonly PlacedTile[];
  readonly trees: readonly InputTree[];
}

/** Tiles that need the same inputs. */
interface InputTree {
  readonly tree: number;
  readonly bits: number;
}

export interface ScatterSetup {
  readonly packets: Packets;
  readonly hub: number;
  /** Nodes of the network. */
  readonly nodes: number;
  /** How the tiles of a layer that need the same inputs get them; with `chain` a tile hands them on to the next. */
  readonly broadcast: Broadcast;
  /** Which of the copies of a layer gets the vector of a job. */
  readonly deal: Deal;
}

export class Scatter {
  readonly #packets: Packets;
  readonly #hub: number;
  readonly #broadcast: Broadcast;
  readonly #deal: Deal;
  /** By step, and by copy of its layer. */
  readonly #targets: (readonly Targets[])[] = [];
  /** By page and node: layers that have a tile in turn are on pages of their own. */
  readonly #tileAt: (Tile | undefined)[] = [];
  readonly #nextAt: number[] = [];
  readonly #nodes: number;
  /** Where the page of each step begins. */
  readonly #pages: number[] = [];
  readonly #pageOf = new Map<string, number>();

  constructor({ packets, hub, nodes, broadcast, deal }: ScatterSetup) {
    this.#packets = packets;
    this.#hub = hub;
    this.#broadcast = broadcast;
    this.#deal = deal;
    this.#nodes = nodes;
    this.#addPage();
  }

  /** These are the tiles of the layer of `step` from now on, copy by copy; none for steps without crossbars. */
  connect(step: Step, tiles: readonly PlacedTile[], copies: number): void {
    const page = this.#pageFor(step.layer ?? '', tiles);
    this.#pages[step.index] = page;
    for (const { tile, node } of tiles) {
      this.#tileAt[page + node] = tile;
      if (step.kind === 'read') this.#nextAt[page + node] = -1;
    }
    const write = step.kind === 'write' || step.kind === 'load';
    const each = tiles.length / copies;
    this.#targets[step.index] = Array.from({ length: copies }, (_, copy) =>
      this.#targetsOf(write, tiles.slice(copy * each, (copy + 1) * each), page),
    );
  }

  #pageFor(layer: string, tiles: readonly PlacedTile[]): number {
    const isFree = (page: number): boolean =>
      tiles.every(({ tile, node }) => (this.#tileAt[page + node] ?? tile) === tile);
    const known = this.#pageOf.get(layer);
    if (known !== undefined) return known;
    let page = 0;
    while (page < this.#tileAt.length && !isFree(page)) page += this.#nodes;
    if (page === this.#tileAt.length) this.#addPage();
    this.#pageOf.set(layer, page);
    return page;
  }

  #addPage(): void {
    for (let node = 0; node < this.#nodes; node++) {
      this.#tileAt.push(undefined);
      this.#nextAt.push(-1);
    }
  }

  #targetsOf(write: boolean, tiles: readonly PlacedTile[], page: number): Targets {
    const broadcast = this.#broadcast;
    // Each tile gets its own weights.
    if (write) return { write, tiles, heads: tiles, trees: [] };
    if (broadcast === 'tree') return { write, tiles, heads: [], trees: this.#treesTo(tiles) };
    return { write, tiles, heads: broadcast === 'chain' ? this.#link(tiles, page) : tiles, trees: [] };
  }

  /** Sends the operands of a job, which have left the global buffer. */
  send(slot: number): void {
    const { write, tiles, heads, trees } = this.#targets[stepOf(slot)][this.#deal.copyOf(slot)];
    if (write) {
      for (const { tile, node } of tiles)
        this.#packets.send(slot, this.#hub, node, tile.block.one.weightBits);
    } else {
      for (const { tile, node } of heads) this.#packets.send(slot, this.#hub, node, tile.block.one.inputBits);
      for (const { tree, bits } of trees) this.#packets.sendTree(slot, tree, bits);
    }
  }

  /** A packet has come to the tile at `node`. */
  arrive(node: number, slot: number): void {
    const step = stepOf(slot);
    const page = this.#pages[step];
    const tile = this.#tileAt[page + node] as Tile;
    if (this.#targets[step][0].write) {
      tile.write(slot);
      return;
    }
    const next = this.#nextAt[page + node];
    if (next >= 0) this.#packets.send(slot, node, next, tile.block.one.inputBits);
    tile.read(slot);
  }

  /** A tree from the hub for each set of tiles with the same inputs. */
  #treesTo(tiles: readonly PlacedTile[]): InputTree[] {
    const alike = new Map<string, PlacedTile[]>();
    for (const placed of tiles) {
      const { inputs } = placed.tile.block;
      alike.set(inputs, [...(alike.get(inputs) ?? []), placed]);
    }
    return [...alike.values()].map(group => {
      const nodes = group.map(({ node }) => node);
      return { tree: this.#packets.addTree(this.#hub, nodes), bits: group[0].tile.block.one.inputBits };
    });
  }

  /** Chains tiles with the same inputs; returns the first of each chain. */
  #link(tiles: readonly PlacedTile[], page: number): PlacedTile[] {
    const lastWith = new Map<string, number>();
    return tiles.filter(({ tile, node }) => {
      const before = lastWith.get(tile.block.inputs);
      if (before !== undefined) this.#nextAt[page + before] = node;
      lastWith.set(tile.block.inputs, node);
      return before === undefined;
    });
  }
}
