/** Everything that travels for a known number of cycles (flits, credits): one list per cycle, in a small ring. */

/** Holds pairs of 32-bit integers; allocates nothing after construction. */
export class DelayLine {
  /** Entries that are due lie at start .. start + due - 1, in the order of push(). */
  readonly first: Int32Array;
  readonly second: Int32Array;
  start = 0;
  due = 0;
  readonly #lengths: Int32Array;
  readonly #capacity: number;
  readonly #mask: number;
  #slot = 0;
  #pending = 0;

  /** `perCycle`: most entries that fall due in one cycle; `longest`: longest delay in cycles. */
  constructor(perCycle: number, longest: number) {
    const slots = 2 ** Math.ceil(Math.log2(longest + 1));
    this.first = new Int32Array(slots * perCycle);
    this.second = new Int32Array(slots * perCycle);
    this.#lengths = new Int32Array(slots);
    this.#capacity = perCycle;
    this.#mask = slots - 1;
  }

  /** Entries that are still on their way. */
  get pending(): number {
    return this.#pending;
  }

  /** The entry falls due `delay` cycles from now, 1 .. longest. */
  push(delay: number, first: number, second: number): void {
    const slot = (this.#slot + delay) & this.#mask;
    const at = slot * this.#capacity + this.#lengths[slot]++;
    this.first[at] = first;
    this.second[at] = second;
    this.#pending++;
  }

  /** Moves on by one cycle; `start` and `due` then tell what has arrived. */
  advance(): void {
    const slot = (this.#slot + 1) & this.#mask;
    this.#slot = slot;
    this.start = slot * this.#capacity;
    this.due = this.#lengths[slot];
    this.#lengths[slot] = 0;
    this.#pending -= this.due;
  }
}
