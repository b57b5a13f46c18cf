/** The simulation kernel: a clock, the pending events, and the functions that they call. */
import { EventQueue } from './event-queue.ts';
import { MAX_TICK, NO_TICK, type Phase, type Tick, TimeOverflow } from './tick.ts';

/** What an event calls; `arg` is a 32-bit integer that the block gave when it scheduled the event. */
export type Handler = (arg: number) => void;

/**
 * Runs events in the order (tick, phase, insertion).
 * Handlers are registered once, while the chip is built; events are a handler's number and an integer, so
 * that a run allocates nothing per event.
 */
export class Kernel {
  readonly #queue = new EventQueue();
  readonly #handlers: Handler[] = [];
  #now: Tick = NO_TICK;
  #events = 0;
  #running = false;
  #stopped = false;

  constructor() {
    this.#now = 0;
  }

  /** The tick of the event that runs, or where the last run() ended. */
  get now(): Tick {
    return this.#now;
  }

  /** Events dispatched so far. */
  get events(): number {
    return this.#events;
  }

  /** Events that are still to run. */
  get pending(): number {
    return this.#queue.size;
  }

  /** Registers a function; returns the number that at() and after() take. */
  handler(fn: Handler): number {
    return this.#handlers.push(fn) - 1;
  }

  /** Handlers so far: what forget() takes. */
  get handlers(): number {
    return this.#handlers.length;
  }

  /** Forgets the handlers behind the first `kept`: those of blocks that are gone. Throws Error while events wait. */
  forget(kept: number): void {
    if (this.#queue.size > 0) throw new Error('handlers are forgotten while events wait');
    this.#handlers.length = kept;
  }

  /**
   * Schedules `handler(arg)` at `tick`, an integer in now .. MAX_TICK; `arg` is a 32-bit integer.
   * An event at `now` with an earlier phase than the one that runs is allowed: it runs next, as a further
   * pass over the same tick. Throws RangeError, which is a bug of the calling block.
   */
  at(tick: Tick, phase: Phase, handler: number, arg: number): void {
    if (!(tick >= this.#now && tick <= MAX_TICK) || Math.floor(tick) !== tick) this.#refuseTick(tick);
    if (handler >>> 0 !== handler || handler >= this.#handlers.length || (arg | 0) !== arg) {
      throw new RangeError(`event with handler ${handler} and argument ${arg}: not a handler, or not 32-bit`);
    }
    this.#queue.push(tick, phase, handler, arg);
  }

  /** Schedules `handler(arg)` `delay` ticks from now; see at(). */
  after(delay: Tick, phase: Phase, handler: number, arg: number): void {
    this.at(this.#now + delay, phase, handler, arg);
  }

  /**
   * Runs until no event is left, a handler calls stop(), `most` events have run, or the next event lies after `until`; returns `now`.
   * `now` is then the tick of the last event, or `until` where it was given and the run was not stopped.
   */
  run(until: Tick = Number.POSITIVE_INFINITY, most: number = Number.POSITIVE_INFINITY): Tick {
    if (this.#running) throw new Error('run() called from a handler');
    const queue = this.#queue;
    const bounded = until !== Number.POSITIVE_INFINITY;
    this.#running = true;
    this.#stopped = false;
    const last = this.#events + most;
    try {
      while ((!bounded || queue.nextTick() <= until) && queue.pop()) {
        this.#now = queue.tick;
        this.#events++;
        this.#handlers[queue.handler](queue.arg);
        if (this.#stopped || this.#events >= last) return this.#now;
      }
    } finally {
      this.#running = false;
    }
    if (bounded && until > this.#now) this.#now = until;
    return this.#now;
  }

  /** Counts `more` events that the one that runs stands for; below 0 where it does not count itself. */
  count(more: number): void {
    this.#events += more;
  }

  /** Makes run() return after the event that runs now. */
  stop(): void {
    this.#stopped = true;
  }

  #refuseTick(tick: Tick): never {
    if (tick > MAX_TICK) throw new TimeOverflow(tick);
    throw new RangeError(`event at tick ${tick}: needs an integer in ${this.#now} .. ${MAX_TICK}`);
  }
}
