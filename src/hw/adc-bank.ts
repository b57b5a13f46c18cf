/** The analog-to-digital converters of a PE: crossbars queue for them, so reads of a PE's crossbars are serial (TReX Table II, row 3). */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';

export class AdcBank extends Component {
  readonly #banks: Resource;

  constructor(parent: Component, name: string, banks: number) {
    super(parent, name);
    this.#banks = this.resource('ADC banks', new Resource(this.kernel, banks));
    this.stat('conversions', 'claims', () => this.#banks.claims);
    this.stat('wait', 'ps', () => this.#banks.waitTime);
  }

  /** Crossbars that can convert at the same time. */
  get banks(): number {
    return this.#banks.servers;
  }

  /** Converts for `duration` when a bank is free; the handler runs with `arg` when it is done. It is waited for since `since`. */
  convert(duration: Tick, handler: number, arg: number, since: Tick = this.kernel.now): void {
    this.kernel.at(this.#banks.reserve(duration, since), Phase.Compute, handler, arg);
  }

  /** As convert(), without an event: returns when it is done. */
  reserve(duration: Tick, since: Tick): Tick {
    return this.#banks.reserve(duration, since);
  }
}
