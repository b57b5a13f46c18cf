/** The programming circuits of a PE: they write one crossbar after another, each row by row (TReX Table II, row 4). */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';

export class WriteDriver extends Component {
  readonly #drivers: Resource;

  /** `drivers`: crossbars that can be programmed at the same time. */
  constructor(parent: Component, name: string, drivers: number) {
    super(parent, name);
    this.#drivers = this.resource('write drivers', new Resource(this.kernel, drivers));
    this.stat('writes', 'claims', () => this.#drivers.claims);
  }

  /** Programs one array for `duration`; the handler runs with `arg` when it is done. */
  program(duration: Tick, handler: number, arg: number): void {
    this.#drivers.claim(duration, Phase.Compute, handler, arg);
  }
}
