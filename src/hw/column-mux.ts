/** Column multiplexers of one crossbar: connect the ADCs to one column group after another. */
import { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { AdcBank } from './adc-bank.ts';

export class ColumnMux extends Component {
  /** Conversion of all column groups. */
  time: Tick;
  readonly #adc: AdcBank;
  readonly #converted: number;
  #scans = 0;

  /** `time`: conversion of all column groups. The groups of one plane follow each other without a gap, so they are one claim. */
  constructor(parent: Component, name: string, adc: AdcBank, time: Tick, converted: () => void) {
    super(parent, name);
    this.#adc = adc;
    this.time = time;
    this.#converted = this.kernel.handler(converted);
    this.stat('scans', 'bit planes', () => this.#scans);
  }

  scan(): void {
    this.#scans++;
    this.#adc.convert(this.time, this.#converted, 0);
  }
}
