/** A resource with k equal servers and known service times: claims are served first come, first served. */
import type { Kernel } from './kernel.ts';
import { ProbePoint } from './probe.ts';
import { MAX_TICK, type Phase, type Tick, TimeOverflow } from './tick.ts';

/** What does as many jobs at the same time as it has servers, and tells when. */
export interface Served {
  readonly servers: number;
  /** Ticks of service over all servers, as granted so far. */
  readonly busyTime: Tick;
  /** A service is granted: (server, start, end), where the server is any number that names it. It starts now, or when its server is free. */
  readonly onService: ProbePoint;
}

/** Places in the figures of a resource; the servers begin at FIRST. */
const CLAIMS = 0;
const WAIT = 1;
const BUSY = 2;
const FIRST = 3;

/**
 * An ADC bank, a buffer port, a softmax unit. Since each service time is known when it is claimed, the grant
 * is computed at once from each server's next free time, and a claim costs one event: its completion.
 */
export class Resource implements Served {
  readonly #kernel: Kernel;
  // One small array, so that a claim touches one place of memory: claims, busy and wait time, then when each server is free.
  readonly #figures: Float64Array;
  #onService: ProbePoint | undefined;

  /** Throws RangeError when `servers` is not a positive integer. */
  constructor(kernel: Kernel, servers: number) {
    if (!Number.isInteger(servers) || servers < 1) throw new RangeError(`resource with ${servers} servers`);
    this.#kernel = kernel;
    this.#figures = new Float64Array(FIRST + servers);
  }

  get onService(): ProbePoint {
    this.#onService ??= new ProbePoint();
    return this.#onService;
  }

  get servers(): number {
    return this.#figures.length - FIRST;
  }

  /** Services granted so far, those that are still to start included. */
  get claims(): number {
    return this.#figures[CLAIMS];
  }

  get busyTime(): Tick {
    return this.#figures[BUSY];
  }

  /** Ticks that claims spent, or will spend, in line. */
  get waitTime(): Tick {
    return this.#figures[WAIT];
  }

  /** When a claim made now would start: now, or later when every server is taken. */
  freeAt(): Tick {
    return Math.max(this.#kernel.now, this.#figures[this.#earliest()]);
  }

  /** Takes the next free server for `duration` ticks; the handler runs at the returned completion tick. */
  claim(duration: Tick, phase: Phase, handler: number, arg: number): Tick {
    const done = this.reserve(duration);
    this.#kernel.at(done, phase, handler, arg);
    return done;
  }

  /** As claim(), without an event, for what waits since the tick `since`. */
  reserve(duration: Tick, since: Tick = this.#kernel.now): Tick {
    if (duration > MAX_TICK) throw new TimeOverflow(duration);
    if (!Number.isInteger(duration) || duration < 0)
      throw new RangeError(`service time of ${duration} ticks`);
    const server = this.#earliest();
    const figures = this.#figures;
    const start = Math.max(since, figures[server]);
    const end = start + duration;
    figures[CLAIMS]++;
    figures[WAIT] += start - since;
    figures[BUSY] += duration;
    figures[server] = end;
    this.#onService?.emit(server - FIRST, start, end);
    return end;
  }

  /** Where the server that is free first stands. */
  #earliest(): number {
    const figures = this.#figures;
    let best = FIRST;
    for (let i = FIRST + 1; i < figures.length; i++) if (figures[i] < figures[best]) best = i;
    return best;
  }
}
