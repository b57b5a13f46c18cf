/** A chip: tiles on a network, and the chip-level units (global buffer and accumulator, softmax, vector unit, DRAM port) that a controller keeps at work. */
import { largest } from '../base/extremes.ts';
import { Component } from '../sim/component.ts';
import type { Kernel } from '../sim/kernel.ts';
import { Buffer, type BufferParams } from './buffer.ts';
import { Controller } from './controller.ts';
import { fetchFrom } from './datapath/fetch.ts';
import { storeTo } from './datapath/store.ts';
import { inputsOf, outputsOf, through } from './datapath/through.ts';
import { type DramParams, DramPort } from './dram-port.ts';
import { Ledger } from './ledger.ts';
import { type EngineParams, MatmulEngine } from './matmul-engine.ts';
import type { Floorplan } from './noc/floorplan.ts';
import type { Noc } from './noc/noc.ts';
import { type Layer, type Step, stepOf, WINDOW, weightBitsOf } from './program.ts';
import { type SoftmaxParams, SoftmaxUnit } from './softmax-unit.ts';
import { type VectorParams, VectorUnit } from './vector-unit.ts';

export interface ChipParams {
  readonly engine: EngineParams;
  readonly globalBuffer: BufferParams;
  /** What stands between it and all that fetches and stores, outermost first. */
  readonly further: readonly BufferParams[];
  /** `units`: softmax units, or one per head of the widest step. */
  readonly softmax: SoftmaxParams & { readonly units: number | 'per-head' };
  readonly vector: VectorParams;
  readonly dram: DramParams;
  /** Layers in turn get their weights through the DRAM port; else that is left out, and they are at the hub at once. */
  readonly weightsFromDram: boolean;
  readonly floorplan: Floorplan;
  readonly makeNoc: (parent: Component) => Noc;
  /** Jobs of each step that may be in flight. */
  readonly windows: readonly number[];
  /** Simulate identical blocks once. */
  readonly fold: boolean;
}

const headsOf = (steps: readonly Step[]): number[] =>
  steps.filter(s => s.kind === 'softmax').map(s => s.vector?.rows ?? 1);

/** Softmax units of a chip for these steps. */
export const softmaxUnitsOf = (steps: readonly Step[], units: number | 'per-head'): number =>
  units === 'per-head' ? Math.max(1, largest(headsOf(steps))) : units;

/** Whether its vector unit has work. */
export const hasVectorWork = (steps: readonly Step[]): boolean => steps.some(s => s.kind === 'vector');

export class Chip extends Component {
  readonly ledger: Ledger;
  readonly noc: Noc;
  readonly controller: Controller;
  readonly engine: MatmulEngine;
  readonly softmaxUnits: number;
  readonly usesVectorUnit: boolean;
  readonly #steps: readonly Step[];
  readonly #softmax: readonly SoftmaxUnit[];
  readonly #vector: VectorUnit;
  readonly #dram: DramPort;
  /** Rows of a softmax job that are still in the units. */
  readonly #rows: Int32Array;
  readonly #fetch: (slot: number) => void;
  readonly #store: (slot: number) => void;
  /** As `#onOperands` and `#onDone`, for transfers from and to DRAM. */
  readonly #arrived: number;
  readonly #sent: number;
  /** Of reloads, by step: bits of the layer, and what happens when they have come. */
  readonly #reloadBits: Float64Array;
  readonly #reloaded: number;
  readonly #weightsFromDram: boolean;

  /** Without its tiles; see build(). */
  constructor(kernel: Kernel, params: ChipParams, steps: readonly Step[], layers: readonly Layer[]) {
    super(kernel, 'chip');
    this.#steps = steps;
    this.ledger = new Ledger(steps.length);
    this.controller = new Controller(this, 'controller', steps, params.windows, this.#start);
    const buffer = new Buffer(this, 'globalBuffer', params.globalBuffer, this.ledger);
    const further = params.further.map(level => new Buffer(this, level.level, level, this.ledger));
    this.#fetch = fetchFrom(buffer, steps, through(further, inputsOf(steps), this.#onOperands));
    this.#store = through(further.toReversed(), outputsOf(steps), storeTo(buffer, steps, this.#onDone));
    this.noc = params.makeNoc(this);
    this.engine = new MatmulEngine(this, 'array', {
      params: params.engine,
      steps,
      layers,
      noc: this.noc,
      floorplan: params.floorplan,
      buffer,
      further,
      ledger: this.ledger,
      onDone: this.#onDone,
    });
    const heads = headsOf(steps);
    this.softmaxUnits = softmaxUnitsOf(steps, params.softmax.units);
    this.usesVectorUnit = hasVectorWork(steps);
    this.#softmax = this.#buildSoftmax(params, heads);
    this.#vector = new VectorUnit(this, 'vectorUnit', params.vector, this.ledger, slot => this.#store(slot));
    this.#dram = new DramPort(this, 'dramPort', params.dram, this.ledger);
    this.#rows = new Int32Array(steps.length * WINDOW);
    this.#arrived = this.kernel.handler(this.#onOperands);
    this.#sent = this.kernel.handler(this.#onDone);
    const bits = new Map(layers.map(layer => [layer.id, weightBitsOf(layer)]));
    this.#reloadBits = Float64Array.from(steps, ({ kind, layer = '' }) =>
      kind === 'load' ? (bits.get(layer) ?? 0) : 0,
    );
    this.#reloaded = this.kernel.handler(slot => this.engine.load(slot));
    this.#weightsFromDram = params.weightsFromDram;
  }

  /** Builds the tiles, in steps: of tens of thousands of crossbars that are not folded it takes seconds. `rebuilds`: for rebuild(). */
  *build(rebuilds = false): Generator<void, this> {
    yield* this.engine.build(rebuilds);
    return this;
  }

  /**
   * The same steps on other operands, as the program has them by now: its array of steps has been filled anew, with the same names
   * and dependencies. No image is open, and all that was counted is forgotten.
   */
  *rebuild(layers: readonly Layer[], windows: readonly number[]): Generator<void, void> {
    yield* this.engine.rebuild(layers);
    this.controller.resize(windows);
  }

  /** Loads all known weights that stay, through the DRAM port where `fromDram`; done when the kernel has no more events. */
  loadWeights(fromDram: boolean): void {
    const load = (): void => this.engine.loadWeights(() => {});
    if (!fromDram) load();
    else this.#dram.transfer(this.ledger.once, this.engine.weightBits, this.kernel.handler(load), 0);
  }

  /** Starts one image now; done when the kernel has no more events and no step is open. Every image finds the same network. */
  beginImage(): void {
    this.noc.reset();
    this.controller.begin();
  }

  /** With equal heads in every step the units are in lock-step, and one stands for all that have the same load. */
  #buildSoftmax(params: ChipParams, heads: readonly number[]): SoftmaxUnit[] {
    const units = this.softmaxUnits;
    const equal = heads.every(h => h === heads[0]);
    const fold = params.fold && equal && (heads[0] ?? units) % units === 0 ? units : 1;
    const lengthOf = (step: number): number => this.#steps[step].vector?.rowLength ?? 0;
    const place = { fold, ledger: this.ledger, lengthOf, onDone: this.#onRow };
    return Array.from(
      { length: units / fold },
      (_, i) => new SoftmaxUnit(this, `softmax[${i}]`, params.softmax, place),
    );
  }

  readonly #start = (slot: number): void => {
    const step = this.#steps[stepOf(slot)];
    if (step.kind === 'read' || step.kind === 'write') this.engine.start(slot);
    else if (step.kind === 'load') this.#reload(slot);
    else if (step.kind === 'fetch') this.#dram.transfer(step.index, step.outputBits, this.#arrived, slot);
    else this.#fetch(slot);
  };

  /** The weights of a layer leave the hub when the last of them has come from DRAM. */
  #reload(slot: number): void {
    const step = stepOf(slot);
    if (this.#weightsFromDram) this.#dram.transfer(step, this.#reloadBits[step], this.#reloaded, slot);
    else this.engine.load(slot);
  }

  /** Operands of a digital step are there; for a fetch, the data from DRAM. */
  readonly #onOperands = (slot: number): void => {
    const step = this.#steps[stepOf(slot)];
    if (step.kind === 'fetch') this.#store(slot);
    else if (step.kind === 'store') this.#dram.transfer(step.index, step.inputBits, this.#sent, slot);
    else if (step.vector === undefined) throw new Error(`${step.id} has no vector work`);
    else if (step.kind === 'vector') this.#vector.run(step.vector, slot);
    else this.#startRows(slot, step.vector.rows);
  };

  /** Heads go to the units in turn; a folded unit takes what each of its units would. */
  #startRows(slot: number, heads: number): void {
    const units = this.#softmax.length;
    const rows = units === this.softmaxUnits ? heads : (heads / this.softmaxUnits) * units;
    this.#rows[slot] = rows;
    for (let head = 0; head < rows; head++) this.#softmax[head % units].row(slot);
  }

  readonly #onRow = (slot: number): void => {
    if (--this.#rows[slot] === 0) this.#store(slot);
  };

  readonly #onDone = (slot: number): void => this.controller.complete(slot);
}
