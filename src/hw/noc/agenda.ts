/** What is due in which cycle, in order: a short sorted list, as what comes last is most often due last. */

const FIRST_CAPACITY = 64;

/** Entries of one cycle come in the order of their kinds (0 .. 3), those of one kind as they were added. */
export class Agenda {
  #keys = new Float64Array(FIRST_CAPACITY);
  #items = new Int32Array(FIRST_CAPACITY);
  #first = 0;
  #end = 0;

  /** Cycle of the first entry; Infinity when there is none. */
  get cycle(): number {
    return this.#first === this.#end ? Number.POSITIVE_INFINITY : Math.floor(this.#keys[this.#first] / 4);
  }

  /** Of the first entry. */
  get kind(): number {
    return this.#keys[this.#first] % 4;
  }

  add(cycle: number, kind: number, item: number): void {
    if (this.#end === this.#keys.length) this.#makeRoom();
    const keys = this.#keys;
    const items = this.#items;
    const key = 4 * cycle + kind;
    let at = this.#end++;
    for (; at > this.#first && keys[at - 1] > key; at--) {
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

  /** Removes all entries of `item` of the kinds from `least` to `most`. */
  remove(item: number, least: number, most: number): void {
    const keys = this.#keys;
    const items = this.#items;
    let to = this.#first;
    for (let at = this.#first; at < this.#end; at++) {
      const kind = keys[at] % 4;
      if (items[at] === item && kind >= least && kind <= most) continue;
      keys[to] = keys[at];
      items[to++] = items[at];
    }
    this.#end = to;
  }

  #makeRoom(): void {
    const size = this.#end - this.#first;
    const crowded = 2 * size > this.#keys.length;
    const keys = crowded ? new Float64Array(2 * this.#keys.length) : this.#keys;
    const items = crowded ? new Int32Array(2 * this.#keys.length) : this.#items;
    keys.set(this.#keys.subarray(this.#first, this.#end));
    items.set(this.#items.subarray(this.#first, this.#end));
    this.#keys = keys;
    this.#items = items;
    this.#first = 0;
    this.#end = size;
  }
}
