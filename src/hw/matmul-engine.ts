/** The way of a vector through the crossbars: global buffer, NoC, tiles, NoC, global accumulator, global buffer (TReX Fig. 8a). */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams } from './accumulator.ts';
import type { Buffer, BufferParams } from './buffer.ts';
import type { Floorplan } from './floorplan.ts';
import { foldLayer, type PortCycles } from './fold.ts';
import type { Ledger, Meter } from './ledger.ts';
import type { Noc } from './noc/noc.ts';
import { type LayerPlan, type Step, slotOf, stepOf, WINDOW } from './program.ts';
import { Tile, type TileParams } from './tile.ts';

export interface EngineParams {
  readonly tile: TileParams;
  readonly accumulator: AccumulatorParams;
  readonly costOf: (layer: LayerPlan) => CrossbarCost;
  readonly flitBits: number;
  /** Joules of one flit through a router and over a link; 0 when interconnect is left out. */
  readonly router_J: number;
  readonly link_J: number;
  /** Joules per job that a tile's controller issues. */
  readonly controller_J: number;
  /** A tile hands its inputs on to the next tile of its layer that needs the same ones. */
  readonly chain: boolean;
  /** Cycle of the network, for the loading of weights; 0 for a network that takes no time. */
  readonly cycle: Tick;
  /** What is simulated once; tiles only where all of them get a vector at the same time. */
  readonly fold: { readonly tiles: boolean; readonly pes: boolean };
}

/** A layer's tiles as they are simulated. */
interface Placed {
  readonly tiles: readonly Tile[];
  readonly nodes: readonly number[];
  /** Positions in `tiles` of those that get their inputs from the hub; others get them from a tile before. */
  readonly heads: readonly number[];
  /** Real tiles, folded ones counted. */
  readonly count: number;
}

export class MatmulEngine extends Component {
  readonly tiles: readonly Tile[];
  readonly #steps: readonly Step[];
  readonly #params: EngineParams;
  readonly #noc: Noc;
  readonly #floorplan: Floorplan;
  readonly #buffer: Buffer;
  readonly #accumulator: Accumulator;
  readonly #onDone: (slot: number) => void;
  readonly #layers = new Map<string, Placed>();
  readonly #staticTiles: { readonly tile: Tile; readonly node: number }[] = [];
  /** By step; undefined for steps without crossbars. */
  readonly #placed: readonly (Placed | undefined)[];
  readonly #tileAt: (Tile | undefined)[] = [];
  readonly #nextAt: Int32Array;
  readonly #remaining: Int32Array;
  readonly #partials: Int32Array;
  readonly #routers: Meter;
  readonly #links: Meter;
  readonly #controllers: Meter;
  readonly #fetched: number;
  readonly #stored: number;
  readonly #weights: number;

  constructor(
    parent: Component,
    name: string,
    params: EngineParams,
    steps: readonly Step[],
    layers: readonly LayerPlan[],
    noc: Noc,
    floorplan: Floorplan,
    buffer: Buffer,
    ledger: Ledger,
    onDone: (slot: number) => void,
  ) {
    super(parent, name);
    this.#steps = steps;
    this.#params = params;
    this.#noc = noc;
    this.#floorplan = floorplan;
    this.#buffer = buffer;
    this.#onDone = onDone;
    this.#fetched = this.kernel.handler(this.#onFetched);
    this.#stored = this.kernel.handler(onDone);
    this.#weights = this.kernel.handler(i => this.#staticTiles[i].tile.receive(slotOf(steps.length, 0)));
    this.#accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, this.#onSum);
    const { router_J, link_J, controller_J } = params;
    this.#routers = ledger.meter('flits through routers', [
      { component: 'interconnect.router', energy_J: router_J },
    ]);
    this.#links = ledger.meter('flits over links', [{ component: 'interconnect.link', energy_J: link_J }]);
    this.#controllers = ledger.meter('jobs of tiles', [{ component: 'controller', energy_J: controller_J }]);
    this.#nextAt = new Int32Array(noc.nodes).fill(-1);
    for (const layer of layers) this.#layers.set(layer.id, this.#build(layer, ledger));
    this.tiles = [...this.#layers.values()].flatMap(placed => placed.tiles);
    this.#placed = steps.map(step => (step.layer === undefined ? undefined : this.#layers.get(step.layer)));
    this.#remaining = new Int32Array(steps.length * WINDOW);
    this.#partials = new Int32Array(steps.length * WINDOW);
    noc.onDeliver = this.#onDeliver;
  }

  /** The tiles of a layer. */
  tilesOf(layer: string): readonly Tile[] {
    return this.#layers.get(layer)?.tiles ?? [];
  }

  /** Starts the read or write job of `slot`; onDone(slot) follows. */
  start(slot: number): void {
    const step = stepOf(slot);
    const placed = this.#placed[step] as Placed;
    this.#remaining[slot] = placed.tiles.length;
    this.#partials[slot] = 0;
    this.#controllers.counts[step] += placed.count;
    const bits = this.#steps[step].inputBits;
    this.#buffer.countRead(step, bits);
    if (this.#buffer.timed) this.#buffer.pass(bits, this.#fetched, slot);
    else this.#onFetched(slot);
  }

  readonly #onFetched = (slot: number): void => {
    const step = stepOf(slot);
    const { tiles, nodes, heads } = this.#placed[step] as Placed;
    if (this.#isWrite(step)) {
      for (let i = 0; i < tiles.length; i++)
        this.#send(slot, this.#floorplan.hub, nodes[i], tiles[i].group.share.weightBits);
    } else {
      for (const i of heads) this.#send(slot, this.#floorplan.hub, nodes[i], tiles[i].group.share.inputBits);
    }
  };

  readonly #onDeliver = (node: number, slot: number): void => {
    if (node === this.#floorplan.hub) {
      this.#onPart(slot);
      return;
    }
    const tile = this.#tileAt[node] as Tile;
    const next = this.#nextAt[node];
    if (next >= 0 && !this.#isWrite(stepOf(slot))) this.#send(slot, node, next, tile.group.share.inputBits);
    tile.receive(slot);
  };

  /** A tile has read the vector, or programmed its arrays; the end of a write is a control signal, not a packet. */
  readonly #onResult = (tile: Tile, slot: number): void => {
    const step = stepOf(slot);
    if (step === this.#steps.length) {
      if (--this.#loading === 0) this.#onLoaded();
      return;
    }
    if (this.#isWrite(step)) {
      if (--this.#remaining[slot] === 0) this.#onDone(slot);
      return;
    }
    this.#partials[slot] += tile.group.partials;
    this.#send(slot, this.#nodeOf.get(tile) as number, this.#floorplan.hub, tile.group.share.outputBits);
  };

  /**
   * Programs every tile of the layers with known weights; counts go to the step after the last. All weights come from
   * the hub, whose channel takes one flit a cycle: nothing else is on the network, so that is its whole contention,
   * and the flits are not simulated one by one. The pipeline of the routers (some tens of cycles) is left out.
   */
  loadWeights(onLoaded: () => void): void {
    this.#loading = this.#staticTiles.length;
    this.#onLoaded = onLoaded;
    const channel = new Resource(this.kernel, 1);
    this.#staticTiles.forEach(({ tile, node }, i) => {
      const flits = this.#countFlits(
        this.#steps.length,
        this.#floorplan.hub,
        node,
        tile.group.share.weightBits,
      );
      channel.claim(flits * this.#params.cycle, Phase.Deliver, this.#weights, i);
    });
    if (this.#loading === 0) onLoaded();
  }

  /** Bits of all known weights. */
  get weightBits(): number {
    return this.#staticTiles.reduce((sum, { tile }) => sum + tile.group.weightBits, 0);
  }

  #onPart(slot: number): void {
    if (--this.#remaining[slot] === 0) this.#accumulator.add(stepOf(slot), this.#partials[slot], slot);
  }

  readonly #onSum = (slot: number): void => {
    const step = stepOf(slot);
    const bits = this.#steps[step].outputBits;
    this.#buffer.countWrite(step, bits);
    if (this.#buffer.timed) this.#buffer.pass(bits, this.#stored, slot);
    else this.#onDone(slot);
  };

  #send(slot: number, from: number, to: number, bits: number): void {
    this.#noc.send(from, to, this.#countFlits(stepOf(slot), from, to, bits), slot);
  }

  /** Books a packet's way for `step`; returns its flits. */
  #countFlits(step: number, from: number, to: number, bits: number): number {
    const flits = Math.ceil(bits / this.#params.flitBits);
    this.#routers.counts[step] += flits * this.#noc.routers(from, to);
    this.#links.counts[step] += flits * this.#noc.hops(from, to);
    return flits;
  }

  readonly #nodeOf = new Map<Tile, number>();
  #loading = 0;
  #onLoaded: () => void = () => {};
  /** The step after the last is the loading of weights. */
  readonly #isWrite = (step: number): boolean =>
    step === this.#steps.length || this.#steps[step].kind === 'write';

  #build(layer: LayerPlan, ledger: Ledger): Placed {
    const cost = this.#params.costOf(layer);
    const nodes: number[] = [];
    const tiles: Tile[] = [];
    const heads: number[] = [];
    const lastWith = new Map<string, number>();
    for (const group of foldLayer(layer, this.#portCycles(), this.#params.fold)) {
      const number = layer.firstTile + group.first;
      const node = this.#floorplan.nodeOf(number);
      const { tile: params } = this.#params;
      const name = `tile[${number}]`;
      const tile = new Tile(this, name, params, group, cost, ledger, this.#isWrite, this.#onResult);
      this.#tileAt[node] = tile;
      this.#nodeOf.set(tile, node);
      if (!layer.dynamic) this.#staticTiles.push({ tile, node });
      const before = this.#params.chain ? lastWith.get(group.share.inputs) : undefined;
      if (before === undefined) heads.push(tiles.length);
      else this.#nextAt[before] = node;
      lastWith.set(group.share.inputs, node);
      nodes.push(node);
      tiles.push(tile);
    }
    return { tiles, nodes, heads, count: layer.tiles.length };
  }

  #portCycles(): PortCycles {
    const cyclesAt =
      ({ cycle, portBits }: BufferParams) =>
      (bits: number): number =>
        cycle === 0 ? 0 : Math.ceil(bits / portBits);
    const { tile } = this.#params;
    return { pe: cyclesAt(tile.pe.buffer), tile: cyclesAt(tile.buffer) };
  }
}
