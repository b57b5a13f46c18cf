/** Wordline drivers (1-bit DACs) of one crossbar: put one bit plane of the input on the rows and let the columns settle. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';

export class WordlineDriver extends Component {
  /** Of one plane. */
  time: Tick;
  readonly #settled: number;
  readonly #driver: Resource;
  #planes = 0;

  constructor(parent: Component, name: string, time: Tick, settled: () => void) {
    super(parent, name);
    this.time = time;
    this.#settled = this.kernel.handler(settled);
    this.#driver = this.resource('row drivers', new Resource(this.kernel, 1));
    this.stat('planes', 'bit planes', () => this.#planes);
  }

  drive(): void {
    this.#planes++;
    this.#driver.claim(this.time, Phase.Compute, this.#settled, 0);
  }
}
