/** The datapath of a vector: fetch from the global buffer, send to the tiles, read there, sum what they give, store (TReX Fig. 8a). */
import { sum } from '../base/sum.ts';
import { Component } from '../sim/component.ts';
import type { ProbePoint } from '../sim/probe.ts';
import type { Tick } from '../sim/tick.ts';
import type { Fill } from '../tech/circuit/fill.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams } from './accumulator.ts';
import type { Barrier } from './barrier.ts';
import type { Buffer } from './buffer.ts';
import { Deal } from './datapath/deal.ts';
import { fetchFrom } from './datapath/fetch.ts';
import { expectAll, Gather, stepBarrier } from './datapath/gather.ts';
import { type PacketParams, Packets } from './datapath/packets.ts';
import { type PlacedTile, Scatter } from './datapath/scatter.ts';
import { storeTo } from './datapath/store.ts';
import { inputsOf, outputsOf, through } from './datapath/through.ts';
import { WeightLoad } from './datapath/weight-load.ts';
import { type FoldedTile, type FoldRule, foldLayer, isSamePattern } from './fold.ts';
import { JobTable } from './job-table.ts';
import { crossbarMeters, type Ledger, type Meter, programMeter } from './ledger.ts';
import type { Floorplan } from './noc/floorplan.ts';
import type { Broadcast } from './noc/kind.ts';
import type { Noc } from './noc/noc.ts';
import { type Layer, type Step, stepOf } from './program.ts';
import { Tile, type TileParams, tileMeters } from './tile.ts';

export interface EngineParams extends PacketParams {
  readonly tile: TileParams;
  readonly accumulator: AccumulatorParams;
  readonly costOf: (layer: Layer) => CrossbarCost;
  /** Joules per job that a tile's controller issues. */
  readonly controller_J: number;
  /** How the tiles of a layer get a vector; one that the network declares. */
  readonly broadcast: Broadcast;
  /** Cycle of the network, for the loading of weights; 0 for a network that takes no time. */
  readonly cycle: Tick;
  /** What is simulated once; tiles only where all of them get a vector at the same time. */
  readonly fold: FoldRule;
}

/** A program, and the blocks of the chip between which the engine stands. */
export interface EngineSetup {
  readonly params: EngineParams;
  readonly steps: readonly Step[];
  readonly layers: readonly Layer[];
  readonly noc: Noc;
  readonly floorplan: Floorplan;
  readonly buffer: Buffer;
  /** What stands between it and the network, outermost first. */
  readonly further: readonly Buffer[];
  readonly ledger: Ledger;
  readonly onDone: (slot: number) => void;
}

/** Crossbars that are built between two pauses: some milliseconds. */
const CROSSBARS_BETWEEN_PAUSES = 512;

/** A read: fetch, scatter, tiles, gather, store. A write: fetch, scatter, tiles; its end is a control signal, not a packet. */
export class MatmulEngine extends Component {
  /** Packets on the network become more, or with a negative number fewer: (how many). */
  readonly onPackets: ProbePoint;
  readonly #setup: EngineSetup;
  /** Sets of weights of the same arrays. */
  readonly #stacks: readonly (readonly Layer[])[];
  /** By the blocks of a layer, which layers that are cut alike share. */
  readonly #folds = new Map<Layer['tiles'], { cost: CrossbarCost; tiles: FoldedTile[] }>();
  /** Those that are simulated, by the id of a layer that they hold. */
  readonly #tiles = new Map<string, readonly PlacedTile[]>();
  /** Copies of each layer that has several. */
  readonly #copies: ReadonlyMap<string, number>;
  /** Crossbars built since the last pause. */
  #unpaused = 0;
  readonly #controllers: Meter;
  /** Tiles that a job of each step is for, folded ones counted. */
  readonly #tileCounts: number[];
  readonly #fetch: (slot: number) => void;
  /** Which of the copies of a layer a job is for. */
  readonly #deal: Deal;
  readonly #scatter: Scatter;
  readonly #gather: Gather;
  readonly #load: WeightLoad;
  readonly #written: Barrier;
  readonly #onDone: (slot: number) => void;
  /** What is there without the tiles of matrices that are made at run time: handlers of the kernel, and meters. */
  #kept = { handlers: 0, meters: 0 };

  /** Without its tiles; see build(). */
  constructor(parent: Component, name: string, setup: EngineSetup) {
    super(parent, name);
    this.#setup = setup;
    const { params, steps, layers, noc, floorplan, buffer, further, ledger, onDone } = setup;
    const { hub } = floorplan;
    this.#onDone = onDone;
    const store = through(further.toReversed(), outputsOf(steps), storeTo(buffer, steps, onDone));
    const accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, store);
    const packets = new Packets(params, noc, ledger);
    this.onPackets = packets.onTravel;
    const { controller_J } = params;
    this.#controllers = ledger.meter('controller.job', [{ component: 'controller', energy_J: controller_J }]);
    const { kernel } = this;
    this.#load = new WeightLoad({ kernel, packets, hub, cycle: params.cycle, once: ledger.once });
    this.#copies = new Map(layers.map(({ id, copies = 1 }) => [id, copies]));
    const stacks = new Map<string, Layer[]>();
    for (const layer of layers) stacks.set(layer.unit, [...(stacks.get(layer.unit) ?? []), layer]);
    this.#stacks = [...stacks.values()];
    this.#makeMeters(this.#stacks);
    this.#tileCounts = steps.map(() => 0);
    this.#gather = new Gather({ packets, hub, accumulator, steps: steps.length });
    this.#written = stepBarrier(steps.length);
    const deal = new Deal(steps.length);
    this.#deal = deal;
    const scatter = new Scatter({ packets, hub, nodes: noc.nodes, broadcast: params.broadcast, deal });
    this.#scatter = scatter;
    this.#fetch = fetchFrom(
      buffer,
      steps,
      through(further, inputsOf(steps), slot => scatter.send(slot)),
    );
    noc.onDeliver = (node, slot) => {
      packets.onTravel.emit(-1);
      if (node === hub) this.#gather.arrive(slot);
      else scatter.arrive(node, slot);
    };
  }

  /** Builds the tiles and connects them, in steps. `rebuilds`: those of matrices that are made at run time are the last, for rebuild(). */
  *build(rebuilds = false): Generator<void, void> {
    const isLast = ([{ dynamic }]: readonly Layer[]): boolean => rebuilds && dynamic;
    yield* this.#buildStacks(this.#stacks.filter(stack => !isLast(stack)));
    this.#kept = { handlers: this.kernel.handlers, meters: this.#setup.ledger.meters.length };
    yield* this.#buildStacks(this.#stacks.filter(isLast));
    this.#connect(this.#setup.steps);
  }

  /**
   * The same program on other operands: layers that are made at run time take the place of those with their names, and steps
   * have other sizes. All that was counted is forgotten; nothing is under way.
   */
  *rebuild(layers: readonly Layer[]): Generator<void, void> {
    const made = new Map(layers.filter(({ dynamic }) => dynamic).map(layer => [layer.id, layer]));
    const stacks = this.#stacks
      .filter(([{ dynamic }]) => dynamic)
      .map(stack => stack.map(({ id }) => made.get(id)!));
    const standing = new Set([...made.keys()].flatMap(id => this.#tiles.get(id) ?? []));
    this.#setup.ledger.clear(this.#kept.meters);
    this.#makeMeters(stacks);
    this.#folds.clear();
    if (!this.#resized(stacks)) {
      for (const { tile } of standing) this.remove(tile);
      this.kernel.forget(this.#kept.handlers);
      yield* this.#buildStacks(stacks);
    }
    this.#connect(this.#setup.steps.filter(({ layer }) => layer !== undefined && made.has(layer)));
  }

  /** Whether the tiles that stand there are those of the new layers, but for what they hold; then they hold that. */
  #resized(stacks: readonly (readonly Layer[])[]): boolean {
    const { params } = this.#setup;
    const pairs = stacks.map(([layer]) => {
      const blocks = this.#folded(layer, params.costOf(layer), params);
      return { tiles: (this.#tiles.get(layer.id) ?? []).map(({ tile }) => tile), blocks };
    });
    const alike = pairs.every(
      ({ tiles, blocks }) =>
        tiles.length === blocks.length && tiles.every(({ block }, i) => isSamePattern(block, blocks[i])),
    );
    if (alike)
      for (const { tiles, blocks } of pairs)
        tiles.forEach((tile, i) => {
          tile.resize(blocks[i]);
        });
    return alike;
  }

  *#buildStacks(stacks: readonly (readonly Layer[])[]): Generator<void, void> {
    for (const stack of stacks) {
      const placed = yield* this.#buildTiles(stack);
      for (const { id } of stack) this.#tiles.set(id, placed);
    }
  }

  #connect(steps: readonly Step[]): void {
    for (const step of steps) {
      const all = this.#tiles.get(step.layer ?? '') ?? [];
      const tiles = step.kind === 'write' ? all.filter(({ tile }) => tile.isWritten) : all;
      const copies = step.kind === 'read' ? this.#copiesOf(step.layer ?? '') : 1;
      // Copies are alike, and a job is for one of them; a write or a load is for all.
      const each = tiles.slice(0, tiles.length / copies);
      this.#tileCounts[step.index] = each.reduce((sum, { tile }) => sum + tile.block.count, 0);
      this.#deal.connect(step, copies);
      this.#gather.connect(step.index, each);
      expectAll(this.#written, step.index, tiles);
      this.#scatter.connect(step, tiles, copies);
    }
  }

  #copiesOf(layer: string): number {
    return this.#copies.get(layer) ?? 1;
  }

  /** All tiles that are simulated. */
  get tiles(): readonly Tile[] {
    return [...new Set(this.#tiles.values())].flatMap(tiles => tiles.map(({ tile }) => tile));
  }

  /** The tiles of a layer. */
  tilesOf(layer: string): readonly Tile[] {
    return (this.#tiles.get(layer) ?? []).map(({ tile }) => tile);
  }

  /** Starts the read or write job of `slot`; onDone(slot) follows. */
  start(slot: number): void {
    const step = stepOf(slot);
    this.#controllers.counts[step] += this.#tileCounts[step];
    this.#deal.begin(slot);
    this.#fetch(slot);
  }

  /** Weights of the layer of `slot`, which stand at the hub, go to its tiles and are programmed; onDone(slot) follows. */
  load(slot: number): void {
    this.#scatter.send(slot);
  }

  /** Programs every tile of the layers with known weights that stay; `onLoaded` follows. */
  loadWeights(onLoaded: () => void): void {
    this.#load.start(onLoaded);
  }

  /** Bits of all known weights that stay. */
  get weightBits(): number {
    return this.#load.bits;
  }

  /** A tile has programmed its crossbars: for a step, or for the load before the first one. */
  readonly #onWritten = (slot: number): void => {
    if (stepOf(slot) === this.#tileCounts.length) this.#load.onWritten();
    else if (this.#written.arrive(slot)) this.#onDone(slot);
  };

  /** Of layers that are sets of weights of the same arrays, cut alike; most often one. */
  *#buildTiles(layers: readonly Layer[]): Generator<void, PlacedTile[]> {
    const { params, steps, floorplan, ledger } = this.#setup;
    const [layer] = layers;
    const cost = params.costOf(layer);
    const jobs = new JobTable(
      steps,
      layers.map(({ id }) => id),
    );
    const all: PlacedTile[] = [];
    for (const block of this.#folded(layer, cost, params)) {
      const number = layer.firstTile + block.first;
      const node = floorplan.nodeOf(number);
      const onRead = (slot: number): void => this.#gather.send(slot, placed);
      const setup = { params: params.tile, block, cost, ledger, jobs, onRead, onWritten: this.#onWritten };
      // A tile that layers share is a component for each of them, at work in its turn.
      const name = layer.inTurn === true ? `tile[${number}:${layer.id}]` : `tile[${number}]`;
      const placed: PlacedTile = { tile: new Tile(this, name, setup), node };
      if (!layer.dynamic && layer.inTurn !== true)
        for (const set of layers.keys()) this.#load.add(placed, set);
      all.push(placed);
      this.#unpaused += sum(block.pes, pe => pe.one.crossbars);
      if (this.#unpaused < CROSSBARS_BETWEEN_PAUSES) continue;
      this.#unpaused = 0;
      yield;
    }
    return all;
  }

  /** In the order of layers and not of tiles, so that sums depend neither on folding nor on what is built when. */
  #makeMeters(stacks: readonly (readonly Layer[])[]): void {
    const { params, ledger } = this.#setup;
    for (const [layer] of stacks) {
      const cost = params.costOf(layer);
      for (const { pes } of layer.tiles)
        for (const { fills, written = [] } of pes) {
          for (const fill of fills) crossbarMeters(cost.filled(fill), ledger);
          for (const part of written) if (part.rows > 0) programMeter(cost.written(part), ledger);
        }
      tileMeters(params.tile, ledger);
    }
  }

  #folded(layer: Layer, cost: CrossbarCost, { tile: at, fold }: EngineParams): FoldedTile[] {
    const known = this.#folds.get(layer.tiles);
    if (known?.cost === cost) return known.tiles;
    const { copies = 1 } = layer;
    const ports = { tile: [at.buffer, ...at.further], pe: [at.pe.buffer, ...at.pe.further] };
    const timesOf = (fill: Fill): string => {
      const { readTime, writeTime } = cost.filled(fill);
      return `${readTime} ${writeTime}`;
    };
    const ofCopy = layer.tiles.length / copies;
    const one = foldLayer({ tiles: layer.tiles.slice(0, ofCopy) }, ports, fold, {
      timesOf,
      writeOf: part => (part.rows === 0 ? 0 : cost.written(part).time),
    });
    // Copies have jobs of their own, and do not fold into each other.
    const tiles = Array.from({ length: copies }, (_, copy) =>
      copy === 0 ? one : one.map(block => Object.assign({}, block, { first: block.first + copy * ofCopy })),
    ).flat();
    this.#folds.set(layer.tiles, { cost, tiles });
    return tiles;
  }
}
