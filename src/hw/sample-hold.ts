/** Sample-and-hold of one crossbar: keeps the column values of one bit plane while the ADCs work through them. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';

export class SampleHold extends Component {
  /** Of one plane. */
  time: Tick;
  readonly #sampled: number;
  readonly #switches: Resource;
  #full = false;
  #waiting = false;
  #samples = 0;

  constructor(parent: Component, name: string, time: Tick, sampled: () => void) {
    super(parent, name);
    this.time = time;
    this.#sampled = this.kernel.handler(sampled);
    this.#switches = this.resource('sample-and-hold', new Resource(this.kernel, 1));
    this.stat('samples', 'bit planes', () => this.#samples);
  }

  /** Samples the settled columns, now or when the plane before has been converted. */
  sample(): void {
    if (this.#full) {
      this.#waiting = true;
      return;
    }
    this.#full = true;
    this.#samples++;
    this.#switches.claim(this.time, Phase.Compute, this.#sampled, 0);
  }

  /** The held values are converted. */
  release(): void {
    this.#full = false;
    if (!this.#waiting) return;
    this.#waiting = false;
    this.sample();
  }
}
