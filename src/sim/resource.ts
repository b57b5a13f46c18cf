/** A resource with k equal servers and known service times: claims are served first come, first served. */
import type { Kernel } from './kernel.ts';
import type { Phase, Tick } from './tick.ts';

/**
 * An ADC bank, a buffer port, a softmax unit. Since each service time is known when it is claimed, the grant
 * is computed at once from each server's next free time, and a claim costs one event: its completion.
 */
export class Resource {
  readonly #kernel: Kernel;
  readonly #freeAt: Float64Array;
  #claims = 0;
  #busyTime: Tick = 0;
  #waitTime: Tick = 0;

  /** Throws RangeError when `servers` is not a positive integer. */
  constructor(kernel: Kernel, servers: number) {
    if (!Number.isInteger(servers) || servers < 1) throw new RangeError(`resource with ${servers} servers`);
    this.#kernel = kernel;
    this.#freeAt = new Float64Array(servers);
  }

  /** Services granted so far, those that are still to start included. */
  get claims(): number {
    return this.#claims;
  }

  /** Ticks of service over all servers, as granted so far. */
  get busyTime(): Tick {
    return this.#busyTime;
  }

  /** Ticks that claims spent, or will spend, in line. */
  get waitTime(): Tick {
    return this.#waitTime;
  }

  /** When a claim made now would start: now, or later when every server is taken. */
  freeAt(): Tick {
    return Math.max(this.#kernel.now, this.#freeAt[this.#earliest()]);
  }

  /** Takes the next free server for `duration` ticks; the handler runs at the returned completion tick. */
  claim(duration: Tick, phase: Phase, handler: number, arg: number): Tick {
    const done = this.reserve(duration);
    this.#kernel.at(done, phase, handler, arg);
    return done;
  }

  /** As claim(), without an event. */
  reserve(duration: Tick): Tick {
    if (!Number.isInteger(duration) || duration < 0)
      throw new RangeError(`service time of ${duration} ticks`);
    const server = this.#earliest();
    const now = this.#kernel.now;
    const start = Math.max(now, this.#freeAt[server]);
    this.#claims++;
    this.#waitTime += start - now;
    this.#busyTime += duration;
    return (this.#freeAt[server] = start + duration);
  }

  #earliest(): number {
    const freeAt = this.#freeAt;
    let best = 0;
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i] < freeAt[best]) best = i;
    return best;
  }
}
