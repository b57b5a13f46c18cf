/** Reads of a PE whose crossbars share one ADC bank: it takes them one after another, so that a vector is one event, not one a crossbar. */
import { Fifo } from '../sim/fifo.ts';
import type { Kernel } from '../sim/kernel.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { AdcBank } from './adc-bank.ts';
import type { MacroCrossbar } from './crossbar.ts';

export interface SerialReadsSetup {
  readonly kernel: Kernel;
  readonly adc: AdcBank;
  readonly crossbars: readonly MacroCrossbar[];
  /** Vectors that can wait. */
  readonly capacity: number;
  /** All crossbars are read. */
  readonly onRead: (slot: number) => void;
}

/**
 * Crossbar c claims the bank for a vector when its array is free: at the vector's arrival, or when the bank has read the
 * vector before out of it. One bank serves claims in their order, and c claims before the bank has read crossbar 0, so that
 * the order is always the crossbars of one vector, then those of the next. A vector's reads are therefore known when the
 * last one of the vector before ends, and that is when they are booked. It holds as long as arrays do nothing else:
 * handOver() leaves what is not booked to the crossbars.
 */
export class SerialReads {
  readonly #kernel: Kernel;
  readonly #adc: AdcBank;
  readonly #crossbars: readonly MacroCrossbar[];
  readonly #onRead: (slot: number) => void;
  readonly #done: number;
  /** Of the vector that is read, by crossbar: since when its array is in use, and until when. */
  readonly #since: Float64Array;
  readonly #end: Float64Array;
  /** Vectors that wait, and when they came. */
  readonly #slots: Fifo;
  readonly #arrivals: Fifo;
  #busy = false;
  #handedOver = false;

  constructor({ kernel, adc, crossbars, capacity, onRead }: SerialReadsSetup) {
    this.#kernel = kernel;
    this.#adc = adc;
    this.#crossbars = crossbars;
    this.#onRead = onRead;
    this.#since = new Float64Array(crossbars.length);
    this.#end = new Float64Array(crossbars.length);
    this.#slots = new Fifo(capacity);
    this.#arrivals = new Fifo(capacity);
    this.#done = kernel.handler(slot => this.#finish(slot));
  }

  /** Reads one vector. */
  read(slot: number): void {
    const { now } = this.#kernel;
    if (!this.#busy) this.#book(slot, now);
    else if (!this.#slots.push(slot) || !this.#arrivals.push(now))
      throw new Error(`more than ${this.#slots.capacity} vectors wait for a PE`);
  }

  /** Arrays are to do something else: the crossbars go on by themselves, with the vectors that wait; returns how many. */
  handOver(): number {
    if (!this.#busy || this.#handedOver) return 0;
    this.#handedOver = true;
    const waiting = this.#slots.size;
    this.#crossbars.forEach((crossbar, i) => {
      crossbar.inUse(this.#end[i]);
    });
    while (!this.#slots.empty) {
      const slot = this.#slots.pop();
      const arrival = this.#arrivals.pop();
      this.#crossbars.forEach((crossbar, i) => {
        crossbar.read(slot, Math.max(arrival, this.#end[i]));
      });
    }
    return waiting;
  }

  #book(slot: number, arrival: Tick): void {
    this.#busy = true;
    const end = this.#end;
    for (let i = 0; i < end.length; i++) {
      const since = Math.max(arrival, end[i]);
      this.#since[i] = since;
      end[i] = this.#adc.reserve(this.#crossbars[i].readTime, since);
    }
    this.#kernel.at(end[end.length - 1], Phase.Compute, this.#done, slot);
  }

  #finish(slot: number): void {
    const crossbars = this.#crossbars;
    for (let i = 0; i < crossbars.length; i++) crossbars[i].wasRead(this.#since[i], this.#end[i]);
    this.#handedOver = false;
    if (this.#slots.empty) this.#busy = false;
    else this.#book(this.#slots.pop(), this.#arrivals.pop());
    this.#onRead(slot);
  }
}
