/** Shift-and-add of one crossbar: weighs the ADC codes of a bit plane and a bit slice and adds them up. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';

export class ShiftAdd extends Component {
  /** Of one plane. */
  time: Tick;
  readonly #added: number;
  readonly #adder: Resource;
  #planes = 0;

  constructor(parent: Component, name: string, time: Tick, added: () => void) {
    super(parent, name);
    this.time = time;
    this.#added = this.kernel.handler(added);
    this.#adder = this.resource('shift-and-add', new Resource(this.kernel, 1));
    this.stat('planes', 'bit planes', () => this.#planes);
  }

  add(): void {
    this.#planes++;
    this.#adder.claim(this.time, Phase.Compute, this.#added, 0);
  }
}
