/** A few events, sorted: an array with a gap where the last one was put in, as the buffer of a text editor has. */
import { EVENT } from './event-lists.ts';

const { ARG, HANDLER } = EVENT;
/** Double of the array with the key of the event that put() gets: one that is passed to a function may be boxed. */
export const PUT = 0;
/** The first slot for events. */
export const BEGIN = 1;
/** Slots of an array that has not been filled. */
const CAPACITY = 128;
/** Events that are moved to the beginning at once when none is left there: few, as they are in the way of earlier ones. */
const REFILL = 32;

/**
 * Events lie in the slots first .. gap - 1 and back .. top - 1; slot `top` has a key behind all others. Blocks in
 * lock-step put events of one key one after another: they find the gap where they need it.
 */
export abstract class EventFront {
  /** The array, as doubles and as words; replaced when it grows. */
  protected front = new Float64Array(2 * CAPACITY + 2);
  protected frontWords = new Int32Array(this.front.buffer);
  protected first = BEGIN;
  protected gap = BEGIN;
  protected back = CAPACITY;
  protected top = CAPACITY;
  protected patience: number;
  protected most: number;
  /** Events that were put, and slots that were moved to make a place, since the work was looked at. */
  protected events = 0;
  protected moves = 0;

  /** relieve() is called when there were more moves than `patience`, or there are more events than `most`. */
  constructor(patience: number, most: number) {
    this.front[2 * CAPACITY] = Number.POSITIVE_INFINITY;
    this.patience = patience;
    this.most = most;
  }

  protected abstract relieve(): void;

  /**
   * Puts an event, whose key is in PUT, behind all that have no larger key. In one piece, and so too long for V8 to put it
   * into its callers: there it would slow down all that do without.
   */
  protected put(handler: number, arg: number): void {
    if (this.gap >= this.back - 1) {
      // Events before the gap go to the beginning, or all to a longer array.
      const old = this.front;
      const count = this.gap - this.first;
      if (4 * (this.first - BEGIN) >= this.top) old.copyWithin(2 * BEGIN, 2 * this.first, 2 * this.gap);
      else {
        const behind = this.top - this.back;
        this.front = new Float64Array(2 * old.length);
        this.frontWords = new Int32Array(this.front.buffer);
        this.front[PUT] = old[PUT];
        this.front.set(old.subarray(2 * this.first, 2 * this.gap), 2 * BEGIN);
        this.top = (this.front.length >> 1) - 1;
        this.front.set(old.subarray(2 * this.back, old.length), 2 * (this.top - behind));
        this.back = this.top - behind;
      }
      this.first = BEGIN;
      this.gap = BEGIN + count;
    }
    const f = this.front;
    const m = this.frontWords;
    const key = f[PUT];
    let gap = this.gap;
    let back = this.back;
    if (f[2 * back] <= key) {
      do {
        f[2 * gap] = f[2 * back];
        f[2 * gap + 1] = f[2 * back + 1];
        gap++;
        back++;
      } while (f[2 * back] <= key);
      this.moves += back - this.back;
      this.back = back;
    } else {
      const { first } = this;
      if (gap > first && f[2 * gap - 2] > key) {
        do {
          gap--;
          back--;
          f[2 * back] = f[2 * gap];
          f[2 * back + 1] = f[2 * gap + 1];
        } while (gap > first && f[2 * gap - 2] > key);
        this.moves += this.back - back;
        this.back = back;
      }
    }
    f[2 * gap] = key;
    m[(4 * gap) | ARG] = arg;
    m[(4 * gap) | HANDLER] = handler;
    this.gap = gap + 1;
    this.events++;
    if (this.moves > this.patience || gap - this.first + this.top - back >= this.most) this.relieve();
  }

  /** Moves events from behind the gap to before it once none is left there; false when there is none. */
  protected refill(): boolean {
    const { back } = this;
    const moved = Math.min(this.top - back, REFILL);
    if (moved === 0) return false;
    const f = this.front;
    // copyWithin() takes longer for so few.
    for (let i = 0; i < 2 * moved; i++) f[2 * BEGIN + i] = f[2 * back + i];
    this.first = BEGIN;
    this.gap = BEGIN + moved;
    this.back = back + moved;
    return true;
  }

  /** Makes the array, which holds no events, at least `slots` slots long; it keeps what is in its slots. */
  protected reserve(slots: number): void {
    if (2 * slots + 2 <= this.front.length) return;
    const old = this.frontWords;
    let room = 2;
    while (room < 2 * (slots + 1)) room *= 2;
    this.front = new Float64Array(room);
    this.frontWords = new Int32Array(this.front.buffer);
    this.frontWords.set(old);
    this.top = this.back = (this.front.length >> 1) - 1;
    this.front[2 * this.top] = Number.POSITIVE_INFINITY;
  }

  /** Takes all events out: key, handler and argument of one after the other. */
  protected drain(to: number[]): void {
    const f = this.front;
    const m = this.frontWords;
    for (let i = this.first; i < this.gap; i++) to.push(f[2 * i], m[(4 * i) | HANDLER], m[(4 * i) | ARG]);
    for (let i = this.back; i < this.top; i++) to.push(f[2 * i], m[(4 * i) | HANDLER], m[(4 * i) | ARG]);
    this.first = this.gap = BEGIN;
    this.back = this.top;
  }
}
