/** A resource with k equal servers and known service times: claims are served first come, first served. */
import type { Kernel } from './kernel.ts';
import { ProbePoint } from './probe.ts';
import type { Phase, Tick } from './tick.ts';

/** What does as many jobs at the same time as it has servers, and tells when. */
export interface Served {
  readonly servers: number;
  /** Ticks of service over all servers, as granted so far. */
  readonly busyTime: Tick;
  /** A service is granted: (server, start, end), where the server is any number that names it. It starts now, or when its server is free. */
  readonly onService: ProbePoint;
}

/**
 * An ADC bank, a buffer port, a softmax unit. Since each service time is known when it is claimed, the grant
 * is computed at once from each server's next free time, and a claim costs one event: its completion.
 */
export class Resource implements Served {
  readonly onService = new ProbePoint();
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

  get servers(): number {
    return this.#freeAt.length;
  }

  /** Services granted so far, those that are still to start included. */
  get claims(): number {
    return this.#claims;
  }

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
    const end = start + duration;
    this.#freeAt[server] = end;
    this.onService.emit(server, start, end);
    return end;
  }

  #earliest(): number {
    const freeAt = this.#freeAt;
    let best = 0;
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i] < freeAt[best]) best = i;
    return best;
  }
}
