/** A processing element: crossbars that share an input buffer, an ADC bank, a write driver and an accumulator. */
import { Component } from '../sim/component.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams } from './accumulator.ts';
import { AdcBank } from './adc-bank.ts';
import { Barrier } from './barrier.ts';
import { Buffer, type BufferAccess, type BufferParams } from './buffer.ts';
import { CircuitCrossbar } from './circuit-crossbar.ts';
import { type Crossbar, MacroCrossbar } from './crossbar.ts';
import type { Folded } from './fold.ts';
import type { JobTable } from './job-table.ts';
import type { Ledger, Meter } from './ledger.ts';
import { type PeBlock, stepOf } from './program.ts';
import { WriteDriver } from './write-driver.ts';

/** What PEs of a chip have in common. */
export interface PeParams {
  readonly adcBanks: number;
  readonly writeDrivers: number;
  readonly buffer: BufferParams;
  readonly accumulator: AccumulatorParams;
}

/** What one PE holds, and where its results go. */
export interface PeSetup {
  readonly params: PeParams;
  readonly block: Folded<PeBlock>;
  readonly cost: CrossbarCost;
  readonly ledger: Ledger;
  readonly jobs: JobTable;
  readonly onRead: (slot: number) => void;
  readonly onWritten: (slot: number) => void;
}

/** A read: buffer, crossbars, accumulator. A write: crossbars. */
export class Pe extends Component {
  readonly crossbars: readonly Crossbar[];
  readonly #block: Folded<PeBlock>;
  readonly #jobs: JobTable;
  readonly #buffer: Buffer;
  readonly #toCrossbars: BufferAccess;
  readonly #accumulator: Accumulator;
  readonly #reads: Meter;
  readonly #writes: Meter;
  readonly #onWritten: (slot: number) => void;
  /** Of all the PEs that this one stands for: crossbars, bit planes and additions of one vector. */
  readonly #arrays: number;
  readonly #planes: number;
  readonly #adds: number;
  readonly #read: Barrier;
  readonly #written: Barrier;

  constructor(parent: Component, name: string, setup: PeSetup) {
    super(parent, name);
    const { params, block, cost, ledger } = setup;
    this.standsFor(block.count, 'PEs');
    this.#block = block;
    this.#jobs = setup.jobs;
    this.#onWritten = setup.onWritten;
    this.#buffer = new Buffer(this, 'buffer', params.buffer, ledger);
    this.#toCrossbars = this.#buffer.access(this.#readCrossbars);
    this.#accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, setup.onRead);
    this.#reads = ledger.meter('crossbar.read', cost.readParts, cost);
    const write = { component: 'crossbar.write', energy_J: cost.writeEnergy_J } as const;
    this.#writes = ledger.meter('crossbar.write', [write], cost);
    this.#arrays = block.all.crossbars;
    this.#planes = this.#arrays * cost.planes;
    this.#adds = this.#planes * cost.columns;
    const parties = setup.jobs.filled(block.one.crossbars);
    this.#read = new Barrier(parties);
    this.#written = new Barrier(parties);
    this.crossbars = this.#build(params, cost);
  }

  /** Takes the inputs of a vector; `onRead(slot)` follows. */
  read(slot: number): void {
    const step = stepOf(slot);
    const { all, one } = this.#block;
    this.#buffer.countWrite(step, all.inputBits);
    this.#buffer.countRead(step, all.inputBits);
    this.#toCrossbars.pass(one.inputBits, slot);
  }

  readonly #readCrossbars = (slot: number): void => {
    this.#reads.counts[stepOf(slot)] += this.#planes;
    const { crossbars } = this;
    for (let i = 0; i < crossbars.length; i++) crossbars[i].read(slot);
  };

  readonly #onRead = (slot: number): void => {
    if (this.#read.arrive(this.#jobs.placeOf(slot))) this.#accumulator.add(stepOf(slot), this.#adds, slot);
  };

  /** Programs its crossbars; `onWritten(slot)` follows. */
  write(slot: number): void {
    this.#writes.counts[stepOf(slot)] += this.#arrays;
    const { crossbars } = this;
    for (let i = 0; i < crossbars.length; i++) crossbars[i].write(slot);
  }

  readonly #onCrossbarWritten = (slot: number): void => {
    if (this.#written.arrive(this.#jobs.placeOf(slot))) this.#onWritten(slot);
  };

  #build(params: PeParams, cost: CrossbarCost): Crossbar[] {
    const ports = {
      adc: new AdcBank(this, 'adcBank', params.adcBanks),
      writer: new WriteDriver(this, 'writeDriver', params.writeDrivers),
      capacity: this.#jobs.size,
      onRead: this.#onRead,
      onWritten: this.#onCrossbarWritten,
    };
    const { plane } = cost;
    return Array.from({ length: this.#block.one.crossbars }, (_, i) => {
      const name = `crossbar[${i}]`;
      return plane === undefined
        ? new MacroCrossbar(this, name, cost, ports)
        : new CircuitCrossbar(this, name, { ...cost, plane }, ports);
    });
  }
}
