/** A tile: PEs behind one buffer and an H-tree, and the accumulator that sums their results. One tile serves one layer. */
import { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams, accumulatorMeter } from './accumulator.ts';
import { Barrier } from './barrier.ts';
import { Buffer, type BufferAccess, type BufferParams, bufferMeters } from './buffer.ts';
import { through } from './datapath/through.ts';
import type { FoldedTile } from './fold.ts';
import type { JobTable } from './job-table.ts';
import type { Ledger, Meter } from './ledger.ts';
import { Pe, type PeParams, peMeters } from './pe.ts';
import { stepOf } from './program.ts';

export interface TileParams {
  readonly pe: PeParams;
  readonly buffer: BufferParams;
  /** What stands between the network and the buffer, outermost first. */
  readonly further: readonly BufferParams[];
  readonly accumulator: AccumulatorParams;
  /** Energy of one bit on the tile's H-tree; 0 when interconnect is left out. */
  readonly wire_J: number;
  /** Time on it, from the buffer to the PEs; 0 likewise. */
  readonly wire: Tick;
}

/** Makes the meters of tiles and of their PEs, but for those of their crossbars, in the order in which sums go over them. */
export function tileMeters(params: TileParams, ledger: Ledger): void {
  for (const level of [params.buffer, ...params.further]) bufferMeters(level, ledger);
  accumulatorMeter(params.accumulator, ledger);
  wireMeter(params, ledger);
  peMeters(params.pe, ledger);
}

const wireMeter = ({ wire_J }: TileParams, ledger: Ledger): Meter =>
  ledger.meter('htree.bit', [{ component: 'interconnect.tile', energy_J: wire_J }]);

/** What one tile holds, and where its results go. */
export interface TileSetup {
  readonly params: TileParams;
  readonly block: FoldedTile;
  readonly cost: CrossbarCost;
  readonly ledger: Ledger;
  readonly jobs: JobTable;
  readonly onRead: (slot: number) => void;
  readonly onWritten: (slot: number) => void;
}

/** A read: buffer, H-tree, PEs, accumulator, H-tree, buffer. A write: buffer, H-tree, PEs. */
export class Tile extends Component {
  readonly pes: readonly Pe[];
  /** Those that a write programs. */
  readonly #toProgram: readonly Pe[];
  /** What it holds, and what the tiles hold that it stands for. */
  #block: FoldedTile;
  readonly #jobs: JobTable;
  readonly #buffer: Buffer;
  readonly #enter: (slot: number) => void;
  readonly #enterToWrite: (slot: number) => void;
  readonly #toRead: BufferAccess;
  readonly #toWrite: BufferAccess;
  readonly #toLeave: BufferAccess;
  readonly #accumulator: Accumulator;
  readonly #wires: Meter;
  readonly #onWritten: (slot: number) => void;
  #peInputBits = 0;
  #peOutputs = 0;
  readonly #read: Barrier;
  readonly #written: Barrier;

  constructor(parent: Component, name: string, setup: TileSetup) {
    super(parent, name);
    const { params, block, cost, ledger, jobs } = setup;
    this.#block = block;
    this.#count();
    this.#jobs = jobs;
    this.#onWritten = setup.onWritten;
    this.#buffer = new Buffer(this, 'buffer', params.buffer, ledger);
    const { wire } = params;
    this.#toRead = this.#buffer.access(this.#readPes, wire);
    this.#toWrite = this.#buffer.access(this.#writePes, wire);
    const further = params.further.map(level => new Buffer(this, level.level, level, ledger));
    const bits = (name: 'inputBits' | 'outputBits' | 'weightBits') => () => ({
      one: this.#block.one[name],
      all: this.#block.all[name],
    });
    this.#enter = through(further, bits('inputBits'), this.#readBuffer);
    this.#enterToWrite = through(further, bits('weightBits'), this.#writeBuffer);
    const leave = through(further.toReversed(), bits('outputBits'), setup.onRead);
    this.#toLeave = this.#buffer.access(leave);
    const { level, latency, add_J } = params.accumulator;
    // Results of the PEs come as far over the H-tree as their inputs went.
    const summed = { level, latency, add_J, wire };
    this.#accumulator = new Accumulator(this, 'accumulator', summed, ledger, this.#onSum);
    this.#wires = wireMeter(params, ledger);
    const results = { onRead: this.#onPeRead, onWritten: this.#onPeWritten };
    this.pes = block.pes.map(
      (pe, i) => new Pe(this, `pe[${i}]`, { params: params.pe, block: pe, cost, ledger, jobs, ...results }),
    );
    this.#toProgram = this.pes.filter(pe => pe.isWritten);
    this.#read = new Barrier(jobs.filled(this.pes.length));
    this.#written = new Barrier(jobs.filled(this.#toProgram.length));
  }

  /** What it holds, and what the tiles hold that it stands for. */
  get block(): FoldedTile {
    return this.#block;
  }

  /** PEs of the same pattern, which hold more or less than before; nothing is under way. */
  resize(block: FoldedTile): void {
    this.#block = block;
    this.#count();
    this.pes.forEach((pe, i) => {
      pe.resize(block.pes[i]);
    });
  }

  /** What its block says of counts. */
  #count(): void {
    const { count, pes } = this.#block;
    this.standsFor(count, 'tiles');
    this.#peInputBits = pes.reduce((sum, pe) => sum + pe.all.inputBits, 0);
    this.#peOutputs = pes.reduce((sum, pe) => sum + pe.all.outputs, 0);
  }

  /** Takes the inputs of a vector; `onRead(slot)` follows when its results leave the tile. */
  read(slot: number): void {
    this.#enter(slot);
  }

  readonly #readBuffer = (slot: number): void => {
    const { all, one } = this.block;
    // The buffer is read once; the H-tree takes what several PEs need to all of them.
    this.#countIn(stepOf(slot), all.inputBits, this.#peInputBits);
    this.#toRead.pass(one.inputBits, slot);
  };

  readonly #readPes = (slot: number): void => {
    for (let i = 0; i < this.pes.length; i++) this.pes[i].read(slot);
  };

  readonly #onPeRead = (slot: number): void => {
    if (this.#read.arrive(this.#jobs.placeOf(slot)))
      this.#accumulator.add(stepOf(slot), this.#peOutputs, slot);
  };

  readonly #onSum = (slot: number): void => {
    const step = stepOf(slot);
    const { all, one } = this.block;
    this.#wires.counts[step] += all.outputBits;
    this.#buffer.countWrite(step, all.outputBits);
    this.#buffer.countRead(step, all.outputBits);
    this.#toLeave.pass(one.outputBits, slot);
  };

  /** A write programs some of its crossbars. */
  get isWritten(): boolean {
    return this.#toProgram.length > 0;
  }

  /** Takes weights and programs its crossbars; `onWritten(slot)` follows. */
  write(slot: number): void {
    this.#enterToWrite(slot);
  }

  readonly #writeBuffer = (slot: number): void => {
    const { all, one } = this.block;
    this.#countIn(stepOf(slot), all.weightBits, all.weightBits);
    this.#toWrite.pass(one.weightBits, slot);
  };

  readonly #writePes = (slot: number): void => {
    for (const pe of this.#toProgram) pe.write(slot);
  };

  readonly #onPeWritten = (slot: number): void => {
    if (this.#written.arrive(this.#jobs.placeOf(slot))) this.#onWritten(slot);
  };

  #countIn(step: number, stored: number, onward: number): void {
    this.#buffer.countWrite(step, stored);
    this.#buffer.countRead(step, stored);
    this.#wires.counts[step] += onward;
  }
}
