/** A crossbar: holds weights, multiplies them with the input vectors that come to it, one after another. */
import { Component } from '../sim/component.ts';
import { ProbePoint } from '../sim/probe.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { CrossbarUse } from '../tech/crossbar-cost.ts';
import type { AdcBank } from './adc-bank.ts';
import type { JobOrder } from './job-order.ts';
import type { WriteDriver } from './write-driver.ts';

/** The circuits of the PE that a crossbar uses, and where its results go: each is called with the slot that was given. */
export interface CrossbarPorts {
  readonly adc: AdcBank;
  readonly writer: WriteDriver;
  /** Slots of reads, and the complements of those of writes. */
  readonly jobs: JobOrder;
  /** The set of weights that a job of that slot is about. */
  readonly setOf: (slot: number) => number;
  readonly onRead: (slot: number) => void;
  readonly onWritten: (slot: number) => void;
}

/** What every kind of crossbar offers to its PE. Its array does one thing at a time: reads and writes queue for it. */
export abstract class Crossbar extends Component {
  #cost: CrossbarUse;
  readonly #ports: CrossbarPorts;
  readonly #written: number;
  /** Another set is selected; undefined where there is one. */
  readonly #selected: number | undefined;
  /** The end of inUse(), which few need. */
  #free: number | undefined;
  #set = 0;
  /** Jobs given, and begun. */
  #given = 0;
  #begun = 0;
  #busy = false;
  // There when somebody asked for it: of tens of thousands of crossbars hardly one is watched.
  #onUse: ProbePoint | undefined;
  #since: Tick = 0;
  #writeTime: Tick;
  /** Input bit planes read, and programmings. */
  protected planesRead = 0;
  #writes = 0;

  /** `writeTime`: of what a write programs of it; absent: all that it holds. */
  constructor(
    parent: Component,
    name: string,
    cost: CrossbarUse,
    ports: CrossbarPorts,
    writeTime: Tick = cost.writeTime,
  ) {
    super(parent, name);
    this.#cost = cost;
    this.#ports = ports;
    this.#writeTime = writeTime;
    this.#written = this.kernel.handler(slot => {
      this.release();
      ports.onWritten(slot);
    });
    if (cost.select !== undefined)
      this.#selected = this.kernel.handler(job => this.#begin(job, this.kernel.now));
    this.stat('reads', 'bit planes', () => this.planesRead);
    this.stat('writes', 'arrays', () => this.#writes);
  }

  /** Times and energies of what it holds. */
  get cost(): CrossbarUse {
    return this.#cost;
  }

  /** It holds more or less than before, of the same device; nothing is under way. */
  resize(cost: CrossbarUse, writeTime: Tick): void {
    this.#cost = cost;
    this.#writeTime = writeTime;
  }

  /**
   * The array was in use, told at the end: (start, end). The wait for a busy ADC bank or write driver is part of it.
   * Listeners attach before a run.
   */
  get onUse(): ProbePoint {
    this.#onUse ??= new ProbePoint();
    return this.#onUse;
  }

  /** Programmings so far, of all sets of weights. */
  get writes(): number {
    return this.#writes;
  }

  /** Reads one vector, which has waited for nothing but the array since the tick `since`. */
  read(slot: number, since: Tick = this.kernel.now): void {
    this.#take(slot, since);
  }

  /** Programs the array, or the part of it that is new. */
  write(slot: number): void {
    this.#writes++;
    this.#take(~slot, this.kernel.now);
  }

  /** The array reads a vector that its PE has booked until `end`; what comes meanwhile waits. */
  inUse(end: Tick): void {
    if (end <= this.kernel.now) return;
    this.#busy = true;
    this.#free ??= this.kernel.handler(() => this.#next());
    this.kernel.at(end, Phase.Compute, this.#free, 0);
  }

  /** The array has read a vector that its PE had booked: in use from `since` to `end`. */
  wasRead(since: Tick, end: Tick): void {
    this.planesRead += this.cost.planes;
    this.#onUse?.emit(since, end);
  }

  /** The array is free for this vector since the tick `since`: reads it. release() and finish(slot) follow. */
  protected abstract begin(slot: number, since: Tick): void;

  /** The array is free for what comes next. */
  protected release(): void {
    this.#onUse?.emit(this.#since, this.kernel.now);
    this.#next();
  }

  /** All bit planes of one vector are read. */
  protected finish(slot: number): void {
    this.planesRead += this.cost.planes;
    this.#ports.onRead(slot);
  }

  #take(job: number, since: Tick): void {
    this.#ports.jobs.note(this.#given++, job);
    if (!this.#busy) this.#start(since);
  }

  #next(): void {
    this.#busy = false;
    if (this.#begun < this.#given) this.#start(this.kernel.now);
  }

  #start(since: Tick): void {
    this.#busy = true;
    if (this.#onUse !== undefined) this.#since = since;
    const job = this.#ports.jobs.at(this.#begun++);
    if (this.#selected !== undefined) {
      const set = this.#ports.setOf(job >= 0 ? job : ~job);
      if (set !== this.#set) {
        this.#set = set;
        this.kernel.after(this.cost.select?.time ?? 0, Phase.Compute, this.#selected, job);
        return;
      }
    }
    this.#begin(job, since);
  }

  #begin(job: number, since: Tick): void {
    if (job >= 0) this.begin(job, since);
    else this.#ports.writer.program(this.#writeTime, this.#written, ~job);
  }
}

/** A crossbar known by its published totals: one read is one claim of the ADC bank for the published time. */
export class MacroCrossbar extends Crossbar {
  readonly #adc: AdcBank;
  readonly #readDone: number;

  constructor(
    parent: Component,
    name: string,
    cost: CrossbarUse,
    ports: CrossbarPorts,
    writeTime: Tick = cost.writeTime,
  ) {
    super(parent, name, cost, ports, writeTime);
    this.#adc = ports.adc;
    this.#readDone = this.kernel.handler(slot => {
      this.release();
      this.finish(slot);
    });
  }

  /** Of all bit planes of a vector. */
  get readTime(): Tick {
    return this.cost.readTime * this.cost.planes;
  }

  protected override begin(slot: number, since: Tick): void {
    this.#adc.convert(this.readTime, this.#readDone, slot, since);
  }
}
