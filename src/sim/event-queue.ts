/** Pending events in the order (tick, phase, insertion): a sorted front, and behind it a timing wheel. */
import { BEGIN, EventFront, PUT } from './event-front.ts';
import { CHUNK, EVENT, EventLists, KEY, NONE } from './event-lists.ts';
import { drainWheel, initWheel, placeInWheel, resetWheel, turnWheel, WHEEL } from './event-wheel.ts';
import { sortList } from './sort-list.ts';
import { NO_TICK, type Phase, type Tick } from './tick.ts';

const { ARG, HANDLER } = EVENT;
const { LIMIT, HORIZON, SCALE, WORD, CARRIED, SUMMARY, BITS, LISTS, SLOTS, CHUNKS, MASK } = WHEEL;

/** More events than these do not stay in the front alone; as few as those come back to it. */
const MANY = 48;
const FEW = 16;
const NEVER = 2 ** 30;
/** Slots moved per event above which the wheel is better even for a few: their keys are random. */
const RANDOM = 2;
/** Looks at the work of a few events in the wheel until the front is tried once more. */
const RETRY = 16;
/** Events that the wheel makes the front of when there are few, and most when there are many. */
const LEAST_BATCH = 4;
const MOST_BATCH = 32;
/** Events of a list that are sorted by insertion. */
const INSERTED = 24;
/** Buckets of 2^7 ps at first: eight to a cycle of 1 GHz. */
const WIDTH = 7;
const NARROWEST = -2;
const WIDEST = 40;
/** Work after which the width is looked at; so much more for each event, as placing all anew costs that. */
const PATIENCE = 2 ** 14;
const PATIENCE_PER_EVENT = 4;
/** Slots moved in the front, and steps beyond the horizon, per event, above which buckets are too wide or too narrow. */
const MOVES = 16;
const CARRIES = 0.5;

/**
 * A few events wait in the front, which is all there is then. Of many, the front has the earliest, and the others wait in
 * the wheel. The width of its buckets follows the work that they make; the order of events never depends on it.
 */
export class EventQueue extends EventFront {
  /** Tick, handler and argument of the event that pop() took last; see phase. */
  tick: Tick = NO_TICK;
  handler = 0;
  arg = 0;

  #size = 0;
  #width = WIDTH;
  /** Events that come back to the front, and looks at their work until they do. */
  #few: number = FEW;
  #retry = RETRY;
  readonly #lists = new EventLists(CHUNKS);

  constructor() {
    super(PATIENCE, MANY);
    this.tick = 0;
    initWheel(this.#lists);
  }

  /** Events that are pending. */
  get size(): number {
    return this.#size;
  }

  /** Phase of the event that pop() took last; known until the next call of a method. */
  get phase(): Phase {
    // The slot keeps what it held.
    return (4 * (this.front[2 * this.first - 2] % 1)) as Phase;
  }

  /** Adds an event at `tick`, an integer in 0 .. MAX_TICK; `handler` is in 0 .. 2^30 - 1, `arg` a 32-bit integer. */
  push(tick: Tick, phase: Phase, handler: number, arg: number): void {
    const { f, m } = this.#lists;
    const key = tick + phase * 0.25;
    this.#size++;
    if (key >= f[LIMIT] && key < f[HORIZON]) {
      // What placeInWheel() does, here for speed.
      const at = (key * f[SCALE]) & MASK;
      const bits = m[BITS | (at >> 5)];
      const bit = 1 << (at & 31);
      if ((bits & bit) === 0) {
        m[BITS | (at >> 5)] = bits | bit;
        if (bits === 0) m[SUMMARY | (at >> 10)] |= 1 << ((at >> 5) & 31);
        const slot = SLOTS | at;
        f[2 * slot] = key;
        m[(4 * slot) | ARG] = arg;
        m[(4 * slot) | HANDLER] = handler;
      } else {
        f[KEY] = key;
        this.#lists.append(LISTS | at, handler, arg);
      }
    } else if (key < f[LIMIT]) {
      this.front[PUT] = key;
      this.put(handler, arg);
    } else {
      f[KEY] = key;
      placeInWheel(this.#lists, handler, arg);
    }
  }

  /** Takes the earliest event into tick, phase, handler and arg; false when there is none. */
  pop(): boolean {
    if (this.first === this.gap && !this.#advance()) return false;
    const at = this.first++;
    const f = this.front;
    const m = this.frontWords;
    const key = f[2 * at];
    this.tick = Math.floor(key);
    this.arg = m[(4 * at) | ARG];
    this.handler = m[(4 * at) | HANDLER];
    this.#size--;
    return true;
  }

  /** Tick of the earliest event, Infinity when there is none. */
  nextTick(): Tick {
    if (this.first === this.gap && !this.#advance()) return Number.POSITIVE_INFINITY;
    return Math.floor(this.front[2 * this.first]);
  }

  /**
   * Makes the first event of the front the next one behind its gap or in the wheel; false when there is none. In one piece, as
   * put() is: pop() is called so often that what V8 puts into it counts.
   */
  #advance(): boolean {
    if (this.refill()) return true;
    const lists = this.#lists;
    if (lists.f[LIMIT] === Number.POSITIVE_INFINITY) return false;
    if (this.#size <= this.#few) return this.#collect();
    if (this.moves + this.events + lists.m[CARRIED] > this.patience) this.#adapt();
    let { f, m } = lists;
    let out = this.front;
    let end = BEGIN;
    let more = true;
    const enough = BEGIN + Math.min(MOST_BATCH, LEAST_BATCH + (this.#size >> 4));
    do {
      const word = m[WORD];
      let bits = m[BITS | word];
      while (bits !== 0 && end < enough) {
        const low = bits & -bits;
        bits ^= low;
        const at = (word << 5) | (31 - Math.clz32(low));
        const slot = SLOTS | at;
        out[2 * end] = f[2 * slot];
        out[2 * end + 1] = f[2 * slot + 1];
        if (m[LISTS | at] !== NONE) {
          end = this.#takeList(LISTS | at, end);
          out = this.front;
        }
        end++;
      }
      m[BITS | word] = bits;
      more = end < enough && turnWheel(lists);
      ({ f, m } = lists);
    } while (more);
    if (end === BEGIN) return false;
    // What comes with the last key goes behind it, into the wheel.
    f[LIMIT] = out[2 * end - 2];
    this.first = BEGIN;
    this.gap = end;
    this.events += end - BEGIN;
    return true;
  }

  /**
   * Moves the events of a list behind the older one in slot `to` of the front, sorts them together, and returns the last
   * slot. In one piece too, as the loop over single events is the one that counts.
   */
  #takeList(list: number, to: number): number {
    const lists = this.#lists;
    const { f, m } = lists;
    let count = 0;
    for (let last = m[list]; last !== NONE; last = m[4 * (last & -CHUNK)]) count += last & (CHUNK - 1);
    this.reserve(to + count + MOST_BATCH);
    const out = this.front;
    if (count > INSERTED) {
      sortList(lists, list, count, out, to);
      return to + count;
    }
    const oldest = out[2 * to];
    const rest = out[2 * to + 1];
    const end = 2 * (to + count);
    let begin = end;
    // From the newest to the oldest, as the chunks are chained: each goes before those that are not smaller.
    for (let last = m[list]; last !== NONE; ) {
      const header = last & -CHUNK;
      for (let slot = last; slot > header; slot--) {
        const key = f[2 * slot];
        let at = begin;
        while (at < end && out[at + 2] < key) {
          out[at] = out[at + 2];
          out[at + 1] = out[at + 3];
          at += 2;
        }
        out[at] = key;
        out[at + 1] = f[2 * slot + 1];
        begin -= 2;
      }
      last = m[4 * header];
      lists.freeChunk(header);
    }
    m[list] = NONE;
    let at = begin;
    while (at < end && out[at + 2] < oldest) {
      out[at] = out[at + 2];
      out[at + 1] = out[at + 3];
      at += 2;
    }
    out[at] = oldest;
    out[at + 1] = rest;
    return to + count;
  }

  /** Moves the few events of the wheel to the front; false when there are none. */
  #collect(): boolean {
    const events: number[] = [];
    drainWheel(this.#lists, events);
    this.#lists.f[LIMIT] = Number.POSITIVE_INFINITY;
    this.most = MANY;
    this.first = this.gap = BEGIN;
    for (let i = 0; i < events.length; i += 3) {
      this.front[PUT] = events[i];
      this.put(events[i + 1], events[i + 2]);
    }
    return events.length > 0;
  }

  protected override relieve(): void {
    if (this.#lists.f[LIMIT] !== Number.POSITIVE_INFINITY) this.#adapt();
    else if (this.#size > this.most) this.#rebuild(this.#width);
    else {
      if (this.moves > RANDOM * this.events) {
        this.#few = 0;
        this.#rebuild(this.#width);
      }
      this.moves = this.events = 0;
    }
  }

  /** Looks at what events have cost since the last time. */
  #adapt(): void {
    const { m } = this.#lists;
    const moves = this.moves / MOVES;
    const carries = m[CARRIED] / CARRIES;
    let width = this.#width;
    if (moves > this.events && moves > carries) width = Math.max(NARROWEST, width - 3);
    else if (carries > this.events) width = Math.min(WIDEST, width + 2);
    this.moves = this.events = m[CARRIED] = 0;
    this.patience = PATIENCE + PATIENCE_PER_EVENT * this.#size;
    if (width !== this.#width) this.#rebuild(width);
    if (--this.#retry === 0) {
      this.#retry = RETRY;
      this.#few = FEW;
    }
  }

  /** Moves all events to a wheel with buckets of 2^width ps. */
  #rebuild(width: number): void {
    const lists = this.#lists;
    const events: number[] = [];
    this.drain(events);
    drainWheel(lists, events);
    let low = events[0];
    for (let i = 3; i < events.length; i += 3) low = Math.min(low, events[i]);
    this.#width = width;
    this.most = NEVER;
    resetWheel(lists, width, low);
    for (let i = 0; i < events.length; i += 3) {
      lists.f[KEY] = events[i];
      placeInWheel(lists, events[i + 1], events[i + 2]);
    }
  }
}
