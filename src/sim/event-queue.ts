/**
 * Pending events in the order (tick, phase, insertion): a sorted array of a few, a heap of lists of many.
 *
 * Why more than the 97 lines of a binary heap (bench/binary-heap.ts): a chip pushes most events to a tick that has some
 * already. The queue takes 0.9 to 1 times the heap's time on the events of `trex` (11 pending), about 0.55 times on those
 * of `trex-full` (707), 0.3 times on a chip in lock-step (1 000). On random ticks from 1 000 pending on it takes 1.5
 * times the heap's, which no chip asks for. docs/event-queue.md has the figures, and what a timing wheel was worth.
 */
import type { Phase, Tick } from './tick.ts';

/** More events than these leave the sorted array for the heap; as few as those come back. */
const MANY = 32;
const FEW = 16;
/** Places in the array: events move to its beginning once they have come to its end. */
const PLACES = 256;
/** Slots for events of the heap, at first. */
const SLOTS = 1024;
/** Words of a slot after word 0, which is the next event of the list (0 at its end) or the next free slot; NUMBER is the list's. */
const HANDLER = 1;
const ARG = 2;
const NUMBER = 3;
/** Entries of the table of lists, and the bits of a hash that do not choose one. */
const ENTRIES = 2 ** 9;
const SHIFT = 32 - 9;
const NO_KEY = -1;

const entryOf = (key: number): number => Math.imul(key, 0x9e3779b1) >>> SHIFT;

/**
 * Blocks act on clock edges, so that many events share a tick: the heap holds each (tick, phase) once, with the list of its
 * events, and most events are appended to a list that a small table finds. Where two keys share an entry of the
 * table, the later one has it; should the other come again, it begins a second list, behind the first by its number.
 */
export class EventQueue {
  /** Tick, handler and argument of the event that pop() took last; see phase. */
  tick: Tick = 0;
  handler = 0;
  arg = 0;

  #size = 0;
  #key = 0;
  #many = false;

  // A few: keys, and handler and argument of each, sorted, in the places first .. end - 1.
  readonly #fewKeys = new Float64Array(PLACES + 1);
  readonly #fewWords = new Int32Array(2 * PLACES);
  #first = 0;
  #end = 0;

  // Many: a binary heap of keys and first slots of lists. Place 0 is a hole after its list has ended: mostly the next push fills it.
  #keys = new Float64Array(SLOTS);
  #lists = new Int32Array(SLOTS);
  #count = 0;
  #hole = false;
  #words = new Int32Array(4 * SLOTS);
  #free = 1;
  #number = 0;
  readonly #tableKeys = new Float64Array(ENTRIES).fill(NO_KEY);
  readonly #tableLasts = new Int32Array(ENTRIES);

  constructor() {
    this.#linkFree(1);
  }

  /** Events that are pending. */
  get size(): number {
    return this.#size;
  }

  /** Phase of the event that pop() took last. */
  get phase(): Phase {
    return (this.#key % 4) as Phase;
  }

  /** Adds an event at `tick`, an integer in 0 .. MAX_TICK; `handler` and `arg` are 32-bit integers. */
  push(tick: Tick, phase: Phase, handler: number, arg: number): void {
    this.#size++;
    if (this.#many) {
      this.#append(tick, phase, handler, arg);
      return;
    }
    // The key goes through the array, since a double that is passed to a function may be boxed.
    this.#fewKeys[this.#end] = 4 * tick + phase;
    this.#insert(handler, arg);
  }

  /** Takes the earliest event into tick, phase, handler and arg; false when there is none. */
  pop(): boolean {
    if (this.#many) {
      if (this.#hole) this.#fillHole();
      const key = this.#keys[0];
      const at = 4 * this.#lists[0];
      this.#key = key;
      this.tick = Math.floor(key * 0.25);
      this.handler = this.#words[at + HANDLER];
      this.arg = this.#words[at + ARG];
      this.#remove();
      if (--this.#size <= FEW) this.#toFew();
      return true;
    }
    const at = this.#first;
    if (at === this.#end) return false;
    this.#first = at + 1;
    const key = this.#fewKeys[at];
    this.#key = key;
    this.tick = Math.floor(key * 0.25);
    this.handler = this.#fewWords[2 * at];
    this.arg = this.#fewWords[2 * at + 1];
    this.#size--;
    return true;
  }

  /** Tick of the earliest event, Infinity when there is none. */
  nextTick(): Tick {
    if (this.#size === 0) return Number.POSITIVE_INFINITY;
    if (!this.#many) return Math.floor(this.#fewKeys[this.#first] * 0.25);
    if (this.#hole) this.#fillHole();
    return Math.floor(this.#keys[0] * 0.25);
  }

  /** Puts an event, whose key is in place `end`, behind all that have no larger key. */
  #insert(handler: number, arg: number): void {
    if (this.#end === PLACES) {
      this.#fewKeys.copyWithin(0, this.#first, PLACES + 1);
      this.#fewWords.copyWithin(0, 2 * this.#first);
      this.#end -= this.#first;
      this.#first = 0;
    }
    const keys = this.#fewKeys;
    const words = this.#fewWords;
    const first = this.#first;
    let at = this.#end++;
    const key = keys[at];
    while (at > first && keys[at - 1] > key) {
      keys[at] = keys[at - 1];
      words[2 * at] = words[2 * at - 2];
      words[2 * at + 1] = words[2 * at - 1];
      at--;
    }
    keys[at] = key;
    words[2 * at] = handler;
    words[2 * at + 1] = arg;
    if (this.#size > MANY) this.#toMany();
  }

  #toMany(): void {
    const [first, end] = [this.#first, this.#end];
    this.#first = this.#end = 0;
    this.#many = true;
    for (let i = first; i < end; i++) {
      const key = this.#fewKeys[i];
      this.#append(
        Math.floor(key * 0.25),
        (key % 4) as Phase,
        this.#fewWords[2 * i],
        this.#fewWords[2 * i + 1],
      );
    }
  }

  #toFew(): void {
    for (let i = 0; i < this.#size; i++) {
      if (this.#hole) this.#fillHole();
      const at = 4 * this.#lists[0];
      this.#fewKeys[i] = this.#keys[0];
      this.#fewWords[2 * i] = this.#words[at + HANDLER];
      this.#fewWords[2 * i + 1] = this.#words[at + ARG];
      this.#remove();
    }
    this.#end = this.#size;
    this.#count = 0;
    this.#hole = this.#many = false;
  }

  /** Appends an event to the list of its key, which begins here where the table knows none. */
  #append(tick: Tick, phase: Phase, handler: number, arg: number): void {
    const key = 4 * tick + phase;
    const slot = this.#free;
    if (4 * slot === this.#words.length) this.#grow();
    const words = this.#words;
    this.#free = words[4 * slot];
    words[4 * slot] = 0;
    words[4 * slot + HANDLER] = handler;
    words[4 * slot + ARG] = arg;
    const entry = entryOf(key);
    const last = this.#tableLasts[entry];
    this.#tableLasts[entry] = slot;
    if (this.#tableKeys[entry] === key) {
      words[4 * last] = slot;
      return;
    }
    this.#tableKeys[entry] = key;
    words[4 * slot + NUMBER] = this.#number = (this.#number + 1) | 0;
    if (this.#hole) {
      this.#hole = false;
      this.#keys[0] = key;
      this.#lists[0] = slot;
      this.#siftDown();
      return;
    }
    const keys = this.#keys;
    const lists = this.#lists;
    let at = this.#count++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (keys[up] <= key) break;
      keys[at] = keys[up];
      lists[at] = lists[up];
      at = up;
    }
    keys[at] = key;
    lists[at] = slot;
  }

  /** Takes the first event of the heap from its list. */
  #remove(): void {
    const words = this.#words;
    const slot = this.#lists[0];
    const next = words[4 * slot];
    words[4 * slot] = this.#free;
    this.#free = slot;
    if (next !== 0) {
      words[4 * next + NUMBER] = words[4 * slot + NUMBER];
      this.#lists[0] = next;
      return;
    }
    this.#hole = true;
    const entry = entryOf(this.#keys[0]);
    if (this.#tableLasts[entry] === slot) this.#tableKeys[entry] = NO_KEY;
  }

  #fillHole(): void {
    this.#hole = false;
    const last = --this.#count;
    this.#keys[0] = this.#keys[last];
    this.#lists[0] = this.#lists[last];
    this.#siftDown();
  }

  /** Moves the list in place 0 behind those that come earlier. */
  #siftDown(): void {
    const keys = this.#keys;
    const lists = this.#lists;
    const count = this.#count;
    const key = keys[0];
    const list = lists[0];
    let at = 0;
    for (let down = 1; down < count; down = 2 * at + 1) {
      let least = keys[down];
      const right = down + 1;
      if (right < count) {
        const other = keys[right];
        if (other <= least && (other < least || this.#older(lists[right], lists[down]))) {
          least = other;
          down = right;
        }
      }
      if (key <= least && (key < least || this.#older(list, lists[down]))) break;
      keys[at] = least;
      lists[at] = lists[down];
      at = down;
    }
    keys[at] = key;
    lists[at] = list;
  }

  /** Of two lists with one key; the numbers wrap, but their difference holds for any two that are pending together. */
  #older(list: number, other: number): boolean {
    return ((this.#words[4 * list + NUMBER] - this.#words[4 * other + NUMBER]) | 0) < 0;
  }

  #grow(): void {
    const slots = this.#keys.length;
    const keys = new Float64Array(2 * slots);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#lists = doubled(this.#lists);
    this.#words = doubled(this.#words);
    this.#linkFree(slots);
  }

  /** Links the slots from `first` on as free ones; the last leads to the first beyond the words. */
  #linkFree(first: number): void {
    for (let slot = first; 4 * slot < this.#words.length; slot++) this.#words[4 * slot] = slot + 1;
  }
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
}
