/** Softmax units: each takes one row in three phases, maximum search, exponent, division (TReX section on the softmax module). */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
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
  readonly ledger: Ledger;
  /** Elements of a row. */
  readonly lengthOf: (step: number) => number;
  readonly onDone: (slot: number) => void;
}

/** One unit: rows queue, and the phases of a row follow each other without overlap. */
export class SoftmaxUnit extends Component {
  readonly #meters: readonly Meter[];
  /** Of all phases, per element. */
  readonly #time: Tick;
  readonly #lengthOf: (step: number) => number;
  readonly #unit: Resource;
  readonly #done: number;

  constructor(parent: Component, name: string, params: SoftmaxParams, place: SoftmaxPlace) {
    super(parent, name);
    const { fold, ledger, lengthOf, onDone } = place;
    this.standsFor(fold, 'units');
    this.#lengthOf = lengthOf;
    this.#done = this.kernel.handler(onDone);
    this.#unit = this.resource('softmax units', new Resource(this.kernel, 1));
    this.#time = params.select.time + params.exponent.time + params.divide.time;
    this.#meters = (['select', 'exponent', 'divide'] as const).map(phase => {
      const component = `softmax.${phase}` as const;
      return ledger.meter(component, [{ component, energy_J: params[phase].energy_J }]);
    });
    this.stat('rows', 'rows', () => this.#unit.claims);
  }

  /** Queues one row; `onDone(slot)` follows. */
  row(slot: number): void {
    const step = stepOf(slot);
    const elements = this.#lengthOf(step);
    const counted = elements * this.fold;
    for (let i = 0; i < this.#meters.length; i++) this.#meters[i].counts[step] += counted;
    this.#unit.claim(elements * this.#time, Phase.Compute, this.#done, slot);
  }
}
