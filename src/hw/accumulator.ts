/** An accumulator (PA, TA or GA of TReX Fig. 8a): adds the partial sums of crossbars, PEs or tiles. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { AccumulatorLevel } from './components.ts';
import type { Ledger, Meter } from './ledger.ts';

export interface AccumulatorParams {
  /** Under which its energy is booked. */
  readonly level: AccumulatorLevel;
  /** From the last operand to the sum; 0 when the accounting leaves accumulators out. */
  readonly latency: Tick;
  readonly add_J: number;
  /** Time of the operands on their way to it, which keeps it from nothing; absent: 0. */
  readonly wire?: Tick;
}

/** The meter of the accumulators of a level. */
export function accumulatorMeter({ level, add_J }: AccumulatorParams, ledger: Ledger): Meter {
  const component = `accumulator.${level}` as const;
  return ledger.meter(`${component}.add`, [{ component, energy_J: add_J }]);
}

export class Accumulator extends Component {
  readonly #params: AccumulatorParams;
  readonly #meter: Meter;
  readonly #summed: number;
  readonly #onSum: (slot: number) => void;
  readonly #adder: Resource;
  #adds = 0;

  constructor(
    parent: Component,
    name: string,
    params: AccumulatorParams,
    ledger: Ledger,
    onSum: (slot: number) => void,
  ) {
    super(parent, name);
    this.#params = params;
    this.#onSum = onSum;
    this.#summed = this.kernel.handler(onSum);
    this.#adder = this.resource(`${params.level} accumulators`, new Resource(this.kernel, 1));
    this.#meter = accumulatorMeter(params, ledger);
    this.stat('additions', 'additions', () => this.#adds);
  }

  /** Adds `adds` numbers for `step`, over all the accumulators that this one stands for; onSum(slot) follows. */
  add(step: number, adds: number, slot: number): void {
    this.#adds += adds;
    this.#meter.counts[step] += adds;
    const { latency, wire = 0 } = this.#params;
    if (latency + wire === 0) this.#onSum(slot);
    else {
      const summed = latency === 0 ? this.kernel.now : this.#adder.reserve(latency);
      this.kernel.at(summed + wire, Phase.Compute, this.#summed, slot);
    }
  }
}
