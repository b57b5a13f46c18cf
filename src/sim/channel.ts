/** A link between two blocks: width, latency and credit flow control (vocabulary of BookSim2's Channel). */
import type { Kernel } from './kernel.ts';
import { Phase, type Tick } from './tick.ts';

export interface ChannelParams {
  /** Ticks from the last bit's departure to the delivery, at least 1: no block sees a value in the tick that sent it. */
  readonly latency: Tick;
  /** Ticks per transfer of `widthBits`. */
  readonly cycle: Tick;
  readonly widthBits: number;
  /** Slots of the receiver; without it the sender is never held back. */
  readonly credits?: number;
}

/** Point-to-point channel: one message after another, in order. */
export class Channel {
  readonly params: ChannelParams;
  /** Called when a credit is back at the sender. */
  onCredit: () => void = () => {};
  readonly #kernel: Kernel;
  readonly #deliver: number;
  readonly #refund: number;
  readonly #limit: number;
  #credits: number;
  #returning = 0;
  #freeAt: Tick = 0;
  #bits = 0;
  #transfers = 0;
  #busyTime: Tick = 0;

  /** `deliver(arg)` runs at the receiver in Phase.Deliver. Throws RangeError on parameters out of range. */
  constructor(kernel: Kernel, params: ChannelParams, deliver: (arg: number) => void) {
    const { latency, cycle, widthBits, credits = Number.POSITIVE_INFINITY } = params;
    for (const [what, value] of Object.entries({ latency, cycle, widthBits })) {
      if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`channel with ${what} ${value}`);
    }
    if (!(credits >= 1)) throw new RangeError(`channel with ${credits} credits`);
    this.params = params;
    this.#kernel = kernel;
    this.#deliver = kernel.handler(deliver);
    this.#refund = kernel.handler(() => {
      this.#returning--;
      this.#credits++;
      this.onCredit();
    });
    this.#limit = this.#credits = credits;
  }

  /** Credits at the sender; Infinity without flow control. */
  get credits(): number {
    return this.#credits;
  }

  /** Bits sent so far. */
  get bits(): number {
    return this.#bits;
  }

  /** Messages sent so far. */
  get transfers(): number {
    return this.#transfers;
  }

  /** Ticks that the wires were, or are already set to be, in use. */
  get busyTime(): Tick {
    return this.#busyTime;
  }

  /** The tick at which a message sent now would start to move. */
  freeAt(): Tick {
    return Math.max(this.#kernel.now, this.#freeAt);
  }

  /**
   * Sends a message of `bits` bits: it waits for the wires, takes ceil(bits / widthBits) cycles, then `latency`.
   * Returns the tick of delivery, or -1 with nothing sent when no credit is left.
   */
  send(arg: number, bits: number): Tick {
    if (!(bits > 0)) throw new RangeError(`message of ${bits} bits`);
    if (this.#credits < 1) return -1;
    const { latency, cycle, widthBits } = this.params;
    const occupied = Math.ceil(bits / widthBits) * cycle;
    this.#freeAt = this.freeAt() + occupied;
    const arrival = this.#freeAt + latency;
    this.#kernel.at(arrival, Phase.Deliver, this.#deliver, arg);
    this.#credits--;
    this.#bits += bits;
    this.#transfers++;
    this.#busyTime += occupied;
    return arrival;
  }

  /** The receiver frees a slot: one credit is back at the sender after `latency`. */
  release(): void {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    if (this.#credits + this.#returning >= this.#limit)
      throw new RangeError('release of a credit that was not taken');
    this.#returning++;
    this.#kernel.after(this.params.latency, Phase.Deliver, this.#refund, 0);
  }
}
