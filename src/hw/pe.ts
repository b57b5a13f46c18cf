/** A processing element: crossbars that share an input buffer, an ADC bank, a write driver and an accumulator. */
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { Fill } from '../tech/circuit/fill.ts';
import type { CrossbarCost, CrossbarUse } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams, accumulatorMeter } from './accumulator.ts';
import { AdcBank } from './adc-bank.ts';
import { Barrier } from './barrier.ts';
import { Buffer, type BufferAccess, type BufferParams, bufferMeters } from './buffer.ts';
import { CircuitCrossbar } from './circuit-crossbar.ts';
import { type Crossbar, type CrossbarPorts, MacroCrossbar } from './crossbar.ts';
import { through } from './datapath/through.ts';
import type { Folded } from './fold.ts';
import { JobOrder } from './job-order.ts';
import type { JobTable } from './job-table.ts';
import { type CrossbarMeters, crossbarMeters, type Ledger, type Meter, programMeter } from './ledger.ts';
import { type Fills, type PeBlock, stepOf } from './program.ts';
import { SerialReads } from './serial-reads.ts';
import { WriteDriver } from './write-driver.ts';

/** What PEs of a chip have in common. */
export interface PeParams {
  readonly adcBanks: number;
  readonly writeDrivers: number;
  readonly buffer: BufferParams;
  /** What stands between the tile's H-tree and the buffer, outermost first. */
  readonly further: readonly BufferParams[];
  readonly accumulator: AccumulatorParams;
}

/** Makes the meters of PEs, but for those of their crossbars, in the order in which sums go over them. */
export function peMeters({ buffer, further, accumulator }: PeParams, ledger: Ledger): void {
  for (const level of [buffer, ...further]) bufferMeters(level, ledger);
  accumulatorMeter(accumulator, ledger);
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
  /** Those that a write programs. */
  readonly #toWrite: readonly Crossbar[];
  #block: Folded<PeBlock>;
  readonly #cost: CrossbarCost;
  readonly #ledger: Ledger;
  readonly #jobs: JobTable;
  readonly #buffer: Buffer;
  readonly #enter: (slot: number) => void;
  readonly #toCrossbars: BufferAccess;
  readonly #accumulator: Accumulator;
  readonly #onWritten: (slot: number) => void;
  /** Of all the PEs that this one stands for: crossbars and bit planes of one vector, by their use; additions. */
  #uses: readonly UsedCrossbars[] = [];
  #programmed: readonly Programmed[] = [];
  #adds = 0;
  #set = 0;
  /** By set of weights. */
  readonly #writes: number[] = [0];
  readonly #read: Barrier;
  readonly #written: Barrier;
  /** Reads of crossbars that do nothing else; undefined where their order is not known beforehand. */
  readonly #serial: SerialReads | undefined;
  /** Jobs that the crossbars do by themselves. */
  #apart = 0;

  constructor(parent: Component, name: string, setup: PeSetup) {
    super(parent, name);
    const { params, block, cost, ledger } = setup;
    this.#cost = cost;
    this.#ledger = ledger;
    this.#block = block;
    this.#count();
    this.#jobs = setup.jobs;
    this.#onWritten = setup.onWritten;
    this.#buffer = new Buffer(this, 'buffer', params.buffer, ledger);
    this.#toCrossbars = this.#buffer.access(this.#readCrossbars);
    const further = params.further.map(level => new Buffer(this, level.level, level, ledger));
    this.#enter = through(
      further,
      () => ({ one: this.#block.one.inputBits, all: this.#block.all.inputBits }),
      this.#readBuffer,
    );
    this.#accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, setup.onRead);
    this.#read = new Barrier(setup.jobs.filled(block.one.crossbars));
    const adc = new AdcBank(this, 'adcBank', params.adcBanks);
    this.crossbars = this.#build(params, cost, adc);
    const parts = block.one.written && each(block.one.written);
    this.#toWrite = this.crossbars.filter((_, i) => parts?.[i].rows !== 0);
    this.#written = new Barrier(setup.jobs.filled(this.#toWrite.length));
    this.#serial = this.#serialReads(adc);
  }

  /** As many crossbars of the same pattern, which hold more or less than before; nothing is under way. */
  resize(block: Folded<PeBlock>): void {
    this.#block = block;
    this.#count();
    const { fills, written } = block.one;
    const parts = written === undefined ? undefined : each(written);
    each(fills).forEach((fill, i) => {
      const use = this.#cost.filled(fill);
      const part = parts?.[i];
      const isNew = part !== undefined && part.rows > 0;
      this.crossbars[i].resize(use, isNew ? this.#cost.written(part).time : use.writeTime);
    });
  }

  /** What its block says of counts. */
  #count(): void {
    const { all, count } = this.#block;
    this.standsFor(count, 'PEs');
    this.#uses = usedCrossbars(all, this.#cost, this.#ledger);
    this.#programmed = programmed(all, this.#cost, this.#ledger);
    this.#adds = sum(all.fills, f => f.count * this.#cost.filled(f).planes * this.#cost.codesOf(f));
  }

  /** Takes the inputs of a vector; `onRead(slot)` follows. */
  read(slot: number): void {
    this.#enter(slot);
  }

  readonly #readBuffer = (slot: number): void => {
    const step = stepOf(slot);
    const { all, one } = this.#block;
    this.#buffer.countWrite(step, all.inputBits);
    this.#buffer.countRead(step, all.inputBits);
    this.#toCrossbars.pass(one.inputBits, slot);
  };

  readonly #readCrossbars = (slot: number): void => {
    const step = stepOf(slot);
    for (let i = 0; i < this.#uses.length; i++)
      this.#uses[i].meters.reads.counts[step] += this.#uses[i].planes;
    this.#select(slot);
    if (this.#serial !== undefined && this.#apart === 0) {
      this.#serial.read(slot);
      return;
    }
    this.#apart++;
    const { crossbars } = this;
    for (let i = 0; i < crossbars.length; i++) crossbars[i].read(slot);
  };

  readonly #onCrossbarRead = (slot: number): void => {
    if (!this.#read.arrive(this.#jobs.placeOf(slot))) return;
    this.#apart--;
    this.#onRead(slot);
  };

  readonly #onRead = (slot: number): void => this.#accumulator.add(stepOf(slot), this.#adds, slot);

  /** Programs its crossbars; `onWritten(slot)` follows. */
  write(slot: number): void {
    const step = stepOf(slot);
    for (const { meter, arrays } of this.#programmed) meter.counts[step] += arrays;
    this.#select(slot);
    const set = this.#jobs.setOf(slot);
    this.#writes[set] = (this.#writes[set] ?? 0) + 1;
    this.#apart += 1 + (this.#serial?.handOver() ?? 0);
    for (const crossbar of this.#toWrite) crossbar.write(slot);
  }

  /** A write programs some of its crossbars. */
  get isWritten(): boolean {
    return this.#toWrite.length > 0;
  }

  /** Programmings of the set of weights that has had most: what its cells have to endure. */
  get writes(): number {
    return Math.max(0, largest(this.#writes));
  }

  /** Crossbars take jobs in the order in which they come: all of them change their set for this one, or none does. */
  #select(slot: number): void {
    const set = this.#jobs.setOf(slot);
    if (set === this.#set) return;
    this.#set = set;
    const step = stepOf(slot);
    for (const { arrays, meters } of this.#uses)
      if (meters.selects !== undefined) meters.selects.counts[step] += arrays;
  }

  readonly #onCrossbarWritten = (slot: number): void => {
    if (!this.#written.arrive(this.#jobs.placeOf(slot))) return;
    this.#apart--;
    this.#onWritten(slot);
  };

  /** Where one bank reads all crossbars, and they do not take another set of weights in between. */
  #serialReads(adc: AdcBank): SerialReads | undefined {
    const crossbars = this.crossbars.filter(c => c instanceof MacroCrossbar);
    const other =
      crossbars.length < this.crossbars.length || crossbars.some(c => c.cost.select !== undefined);
    if (adc.banks > 1 || other) return undefined;
    return new SerialReads({
      kernel: this.kernel,
      adc,
      crossbars,
      capacity: this.#jobs.size,
      onRead: this.#onRead,
    });
  }

  #build(params: PeParams, cost: CrossbarCost, adc: AdcBank): Crossbar[] {
    const ports = {
      adc,
      writer: new WriteDriver(this, 'writeDriver', params.writeDrivers),
      jobs: new JobOrder(this.#jobs.size),
      setOf: (slot: number) => this.#jobs.setOf(slot),
      onRead: this.#onCrossbarRead,
      onWritten: this.#onCrossbarWritten,
    };
    const { fills, written } = this.#block.one;
    if (written === undefined)
      return each(fills).map((fill, i) => this.#crossbar(i, cost.filled(fill), ports));
    // Crossbars that stay as they are have reads alone, and so jobs of their own.
    const reads = { ...ports, jobs: new JobOrder(this.#jobs.size) };
    const parts = each(written);
    return each(fills).map((fill, i) =>
      parts[i].rows === 0
        ? this.#crossbar(i, cost.filled(fill), reads)
        : this.#crossbar(i, cost.filled(fill), ports, cost.written(parts[i]).time),
    );
  }

  #crossbar(i: number, use: CrossbarUse, ports: CrossbarPorts, writeTime?: Tick): Crossbar {
    const { plane } = use;
    const name = `crossbar[${i}]`;
    return plane === undefined
      ? new MacroCrossbar(this, name, use, ports, writeTime)
      : new CircuitCrossbar(this, name, { ...use, plane }, ports, writeTime);
  }
}

/** Crossbars of one use, and the bit planes of one vector that they read. */
interface UsedCrossbars {
  readonly arrays: number;
  readonly planes: number;
  readonly meters: CrossbarMeters;
}

/** Crossbars that are programmed alike. */
interface Programmed {
  readonly arrays: number;
  readonly meter: Meter;
}

function programmed({ fills, written }: PeBlock, cost: CrossbarCost, ledger: Ledger): Programmed[] {
  if (written === undefined)
    return usedCrossbars({ fills }, cost, ledger).map(({ arrays, meters }) => ({
      arrays,
      meter: meters.writes,
    }));
  return written
    .filter(({ rows }) => rows > 0)
    .map(({ count, ...part }) => ({ arrays: count, meter: programMeter(cost.written(part), ledger) }));
}

/** The fill of each crossbar. */
const each = (fills: readonly Fills[]): Fill[] =>
  fills.flatMap(({ rows, cols, count }) => new Array<Fill>(count).fill({ rows, cols }));

function usedCrossbars(
  { fills }: Pick<PeBlock, 'fills'>,
  cost: CrossbarCost,
  ledger: Ledger,
): UsedCrossbars[] {
  const arrays = new Map<CrossbarUse, number>();
  for (const fill of fills) {
    const use = cost.filled(fill);
    arrays.set(use, (arrays.get(use) ?? 0) + fill.count);
  }
  return [...arrays].map(([use, count]) => ({
    arrays: count,
    planes: count * use.planes,
    meters: crossbarMeters(use, ledger),
  }));
}
