/** A clock domain: cycles to ticks and back, with edges at the multiples of its period. */
import type { Kernel } from './kernel.ts';
import type { Tick } from './tick.ts';

/** Digital blocks act on the edges of one of these. */
export class Clock {
  /** Ticks (ps) from one edge to the next. */
  readonly period: Tick;
  readonly #kernel: Kernel;

  /** Throws RangeError when `period` is not a positive integer number of ticks. */
  constructor(kernel: Kernel, period: Tick) {
    if (!Number.isSafeInteger(period) || period < 1) throw new RangeError(`clock period of ${period} ticks`);
    this.#kernel = kernel;
    this.period = period;
  }

  /** The first edge that is not before now. */
  edge(): Tick {
    // The quotient is below 2^51 / period, so rounding it to a double never crosses an integer.
    return Math.ceil(this.#kernel.now / this.period) * this.period;
  }

  /** The edge `cycles` cycles after edge(). */
  after(cycles: number): Tick {
    return this.edge() + cycles * this.period;
  }

  /** Cycles that a block needs to cover `span` ticks: rounded up. */
  cycles(span: Tick): number {
    return Math.ceil(span / this.period);
  }
}
