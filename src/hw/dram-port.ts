/** The port to off-chip memory: transfers queue, each pays the latency and its share of the bandwidth. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick, toTicks } from '../sim/tick.ts';
import type { Ledger, Meter } from './ledger.ts';

export interface DramParams {
  readonly energy_J: number;
  /** Bytes per second. */
  readonly bandwidth: number;
  readonly latency: Tick;
}

export class DramPort extends Component {
  readonly #params: DramParams;
  readonly #port: Resource;
  readonly #meter: Meter;
  #bits = 0;

  constructor(parent: Component, name: string, params: DramParams, ledger: Ledger) {
    super(parent, name);
    this.#params = params;
    this.#port = this.resource('DRAM port', new Resource(this.kernel, 1));
    this.#meter = ledger.meter('dram.bit', [{ component: 'dram', energy_J: params.energy_J }]);
    this.stat('transferred', 'bit', () => this.#bits);
  }

  /** Moves `bits` for `step`; the handler runs with `arg` when the last one is there. */
  transfer(step: number, bits: number, handler: number, arg: number): void {
    this.#bits += bits;
    this.#meter.counts[step] += bits;
    const time = this.#params.latency + toTicks(bits / 8 / this.#params.bandwidth);
    this.#port.claim(time, Phase.Compute, handler, arg);
  }
}
