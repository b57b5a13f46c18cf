/** What is due in which cycle, in order: a short sorted list, as what comes last is most often due last. */

const FIRST_CAPACITY = 512;
/** Bits for the kind of an entry. */
const KIND_BITS = 3;
const KIND = (1 << KIND_BITS) - 1;

/** Entries of one cycle come in the order of their kinds (0 .. 7), those of one kind as they were added. */
export class Agenda {
  /** Infinity stands behind the last one. */
  #cycles = new Float64Array(FIRST_CAPACITY).fill(Number.POSITIVE_INFINITY);
  /** Item and kind. */
  #entries = new Int32Array(FIRST_CAPACITY);
  #first = 0;
  #end = 0;

  /** Cycle of the first entry; Infinity when there is none. */
  get cycle(): number {
    return this.#cycles[this.#first];
  }

  /** Of the first entry. */
  get kind(): number {
    return this.#entries[this.#first] & KIND;
  }

  add(cycle: number, kind: number, item: number): void {
    if (this.#end + 1 === this.#cycles.length) this.#makeRoom();
    const cycles = this.#cycles;
    const entries = this.#entries;
    const first = this.#first;
    let at = this.#end++;
    cycles[at + 1] = Number.POSITIVE_INFINITY;
    for (; at > first; at--) {
      const before = cycles[at - 1];
      if (before < cycle || (before === cycle && (entries[at - 1] & KIND) <= kind)) break;
      cycles[at] = before;
      entries[at] = entries[at - 1];
    }
    cycles[at] = cycle;
    entries[at] = (item << KIND_BITS) | kind;
  }

  /** Takes the first entry; returns its item. */
  take(): number {
    return this.#entries[this.#first++] >> KIND_BITS;
  }

  /** Removes all entries of a kind and item. */
  remove(item: number, kind: number): void {
    const cycles = this.#cycles;
    const entries = this.#entries;
    const removed = (item << KIND_BITS) | kind;
    let to = this.#first;
    for (let at = to; at < this.#end; at++) {
      if (entries[at] === removed) continue;
      cycles[to] = cycles[at];
      entries[to++] = entries[at];
    }
    cycles[to] = Number.POSITIVE_INFINITY;
    this.#end = to;
  }

  #makeRoom(): void {
    const size = this.#end - this.#first;
    const old = this.#cycles;
    const oldEntries = this.#entries;
    if (2 * size > old.length) {
      this.#cycles = new Float64Array(2 * old.length);
      this.#entries = new Int32Array(2 * old.length);
    }
    this.#cycles.set(old.subarray(this.#first, this.#end + 1));
    this.#entries.set(oldEntries.subarray(this.#first, this.#end));
    this.#first = 0;
    this.#end = size;
  }
}
