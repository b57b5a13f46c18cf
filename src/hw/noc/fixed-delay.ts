/** Things that travel for a fixed number of cycles (flits, credits): one list for every cycle on the way. */

/** Holds 32-bit integers; allocates nothing after construction. Read what is due before the first push of a cycle. */
export class FixedDelay {
  /** Entries that are due lie at start .. end - 1, in the order of push(). */
  readonly entries: Int32Array;
  start = 0;
  end = 0;
  readonly #perCycle: number;
  /** Where the list of every cycle ends. */
  readonly #ends: Int32Array;
  #slot = 0;
  #next = 0;
  #arrived = 0;
  /** Entries pushed in earlier cycles. */
  #pushed = 0;

  /** `perCycle`: most entries that are pushed in one cycle; `delay` in cycles, at least 1. */
  constructor(perCycle: number, delay: number) {
    this.entries = new Int32Array(delay * perCycle);
    this.#perCycle = perCycle;
    this.#ends = Int32Array.from({ length: delay }, (_, slot) => slot * perCycle);
  }

  /** Entries so far: all of them, and those that have fallen due. */
  get pushed(): number {
    return this.#pushed + this.#next - this.start;
  }

  get arrived(): number {
    return this.#arrived;
  }

  /** Whether an entry is on its way. */
  get pending(): boolean {
    return this.pushed !== this.#arrived;
  }

  /** End of the entries pushed since advance(); the first of them lies at `start`. */
  get next(): number {
    return this.#next;
  }

  /** The entry falls due `delay` cycles from now. */
  push(entry: number): void {
    this.entries[this.#next++] = entry;
  }

  /** Adds an entry as if it had been pushed: it falls due with the `ahead`-th advance() from now, 1 .. delay. */
  insert(entry: number, ahead: number): void {
    const ends = this.#ends;
    if (ahead === ends.length) {
      this.push(entry);
      return;
    }
    const slot = (this.#slot + ahead) % ends.length;
    this.entries[ends[slot]++] = entry;
    this.#pushed++;
  }

  /** Whether an entry falls due with the `ahead`-th advance() from now. */
  has(entry: number, ahead: number): boolean {
    return this.#find(entry, ahead) >= 0;
  }

  /** Takes an entry away that falls due with the `ahead`-th advance() from now, as if it had not been pushed. */
  remove(entry: number, ahead: number): void {
    const ends = this.#ends;
    const at = this.#find(entry, ahead);
    if (ahead === ends.length) {
      this.entries[at] = this.entries[--this.#next];
      return;
    }
    this.entries[at] = this.entries[--ends[(this.#slot + ahead) % ends.length]];
    this.#pushed--;
  }

  /** How many entries on their way are at least `low` and below `high`. */
  countWithin(low: number, high: number): number {
    const { entries } = this;
    const ends = this.#ends;
    let count = 0;
    for (let slot = 0; slot < ends.length; slot++) {
      const end = slot === this.#slot ? this.#next : ends[slot];
      for (let i = slot * this.#perCycle; i < end; i++) if (entries[i] >= low && entries[i] < high) count++;
    }
    return count;
  }

  #find(entry: number, ahead: number): number {
    const ends = this.#ends;
    const slot = (this.#slot + ahead) % ends.length;
    const end = ahead === ends.length ? this.#next : ends[slot];
    for (let i = slot * this.#perCycle; i < end; i++) if (this.entries[i] === entry) return i;
    return -1;
  }

  /** With which advance() from now the last entry falls due; 0 when none is on its way. */
  get last(): number {
    const ends = this.#ends;
    if (this.#next > this.start) return ends.length;
    for (let ahead = ends.length - 1; ahead > 0; ahead--) {
      const slot = (this.#slot + ahead) % ends.length;
      if (ends[slot] > slot * this.#perCycle) return ahead;
    }
    return 0;
  }

  /** Moves on by one cycle; `start` and `end` then tell what has arrived. The freed list takes this cycle's entries. */
  advance(): void {
    const ends = this.#ends;
    ends[this.#slot] = this.#next;
    this.#pushed += this.#next - this.start;
    this.#slot = this.#slot + 1 === ends.length ? 0 : this.#slot + 1;
    this.start = this.#slot * this.#perCycle;
    this.end = ends[this.#slot];
    this.#arrived += this.end - this.start;
    this.#next = this.start;
  }
}
