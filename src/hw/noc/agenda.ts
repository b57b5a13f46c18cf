/** What is due in which cycle, in order: a short sorted list, as what comes last is most often due last. */

const FIRST_CAPACITY = 64;
/** More than the kinds of entries. */
const KINDS = 8;

/** Entries of one cycle come in the order of their kinds (0 .. 7), those of one kind as they were added. */
export class Agenda {
  /** One more than there are entries: Infinity stands behind the last. */
  #keys = new Float64Array(FIRST_CAPACITY).fill(Number.POSITIVE_INFINITY);
  #items = new Int32Array(FIRST_CAPACITY);
  #first = 0;
  #end = 0;

  /** Cycle of the first entry; Infinity when there is none. */
  get cycle(): number {
    return Math.floor(this.#keys[this.#first] * (1 / KINDS));
  }

  /** Of the first entry. */
  get kind(): number {
    const key = this.#keys[this.#first];
    return key - KINDS * Math.floor(key * (1 / KINDS));
  }

  add(cycle: number, kind: number, item: number): void {
    if (this.#end + 1 === this.#keys.length) this.#makeRoom();
    const keys = this.#keys;
    const items = this.#items;
    const key = KINDS * cycle + kind;
    const first = this.#first;
    let at = this.#end++;
    keys[this.#end] = Number.POSITIVE_INFINITY;
    for (; at > first && keys[at - 1] > key; at--) {
      keys[at] = keys[at - 1];
      items[at] = items[at - 1];
    }
    keys[at] = key;
    items[at] = item;
  }

  /** Takes the first entry; returns its item. */
  take(): number {
    return this.#items[this.#first++];
  }

  /** Removes all entries of a kind and item. */
  remove(item: number, kind: number): void {
    const keys = this.#keys;
    const items = this.#items;
    let to = this.#first;
    for (let at = this.#first; at < this.#end; at++) {
      const key = keys[at];
      if (items[at] === item && key - KINDS * Math.floor(key * (1 / KINDS)) === kind) continue;
      keys[to] = key;
      items[to++] = items[at];
    }
    keys[to] = Number.POSITIVE_INFINITY;
    this.#end = to;
  }

  #makeRoom(): void {
    const size = this.#end - this.#first;
    const length = 2 * size > this.#keys.length ? 2 * this.#keys.length : this.#keys.length;
    const keys = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    const items = new Int32Array(length);
    keys.set(this.#keys.subarray(this.#first, this.#end));
    items.set(this.#items.subarray(this.#first, this.#end));
    this.#keys = keys;
    this.#items = items;
    this.#first = 0;
    this.#end = size;
  }
}
