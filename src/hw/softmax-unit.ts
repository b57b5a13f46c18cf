/** Softmax units: each takes one row in three phases, maximum search, exponent, division (TReX section on the softmax module). */
import { Component } from '../sim/component.ts';
import { Fifo } from '../sim/fifo.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { Ledger, Meter } from './ledger.ts';
import { stepOf } from './program.ts';

/** Time and energy per element of a row, phase by phase. */
export interface SoftmaxParams {
  readonly select: { readonly time: Tick; readonly energy_J: number };
  readonly exponent: { readonly time: Tick; readonly energy_J: number };
  readonly divide: { readonly time: Tick; readonly energy_J: number };
}

/** What a unit is to its chip. */
export interface SoftmaxPlace {
  /** Identical units in lock-step that this one stands for. */
  readonly fold: number;
  /** Rows that may wait at the same time. */
  readonly capacity: number;
  readonly ledger: Ledger;
  /** Elements of a row. */
  readonly lengthOf: (step: number) => number;
  readonly onDone: (slot: number) => void;
}

/** One unit: rows queue, and the phases of a row follow each other without overlap. */
export class SoftmaxUnit extends Component {
  readonly #phases: readonly { readonly time: Tick; readonly meter: Meter }[];
  readonly #rows: Fifo;
  readonly #lengthOf: (step: number) => number;
  readonly #onDone: (slot: number) => void;
  readonly #fold: number;
  readonly #next: number;
  #slot = -1;
  #phase = 0;
  #done = 0;

  constructor(parent: Component, name: string, params: SoftmaxParams, place: SoftmaxPlace) {
    super(parent, name);
    const { fold, capacity, ledger, lengthOf, onDone } = place;
    this.#fold = fold;
    this.#rows = new Fifo(capacity);
    this.#lengthOf = lengthOf;
    this.#onDone = onDone;
    this.#next = this.kernel.handler(this.#onPhase);
    this.#phases = (['select', 'exponent', 'divide'] as const).map(phase => ({
      time: params[phase].time,
      meter: ledger.meter(`softmax.${phase}`, [
        { component: `softmax.${phase}`, energy_J: params[phase].energy_J },
      ]),
    }));
    this.stat('rows', 'rows', () => this.#done);
    this.stat('fold', 'units', () => this.#fold);
  }

  /** Queues one row. */
  row(slot: number): void {
    this.#rows.push(slot);
    if (this.#slot < 0) this.#begin();
  }

  #begin(): void {
    this.#slot = this.#rows.pop();
    this.#phase = 0;
    this.#run();
  }

  #run(): void {
    const step = stepOf(this.#slot);
    const elements = this.#lengthOf(step);
    const { time, meter } = this.#phases[this.#phase];
    meter.counts[step] += elements * this.#fold;
    this.kernel.after(elements * time, Phase.Compute, this.#next, 0);
  }

  readonly #onPhase = (): void => {
    if (++this.#phase < this.#phases.length) {
      this.#run();
      return;
    }
    const slot = this.#slot;
    this.#done++;
    this.#slot = -1;
    if (!this.#rows.empty) this.#begin();
    this.#onDone(slot);
  };
}
