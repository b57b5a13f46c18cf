/** A set of small integers as a bitmap with a summary, walked in ascending order without a look at empty parts. */
import { lowest } from './round-robin.ts';

export class BitSet {
  /** Bit i & 31 of word i >> 5 tells whether i is in the set. */
  readonly #words: Int32Array;
  /** Bit w & 31 of word w >> 5 tells whether words[w] is not 0. */
  readonly #summary: Int32Array;

  /** Members are 0 .. size - 1. */
  constructor(size: number) {
    // One bit more, so that next(size) finds a word.
    this.#words = new Int32Array((size >> 5) + 1);
    this.#summary = new Int32Array((size >> 10) + 1);
  }

  get empty(): boolean {
    const summary = this.#summary;
    for (let s = 0; s < summary.length; s++) if (summary[s] !== 0) return false;
    return true;
  }

  add(i: number): void {
    this.#words[i >> 5] |= 1 << (i & 31);
    this.#summary[i >> 10] |= 1 << ((i >> 5) & 31);
  }

  remove(i: number): void {
    const left = this.#words[i >> 5] & ~(1 << (i & 31));
    this.#words[i >> 5] = left;
    if (left === 0) this.#summary[i >> 10] &= ~(1 << ((i >> 5) & 31));
  }

  /** The first member at or after `i` (0 .. size), or -1. */
  next(i: number): number {
    const word = this.#words[i >> 5] & (-1 << (i & 31));
    return word !== 0 ? (i & ~31) + lowest(word) : this.#nextWord((i >> 5) + 1);
  }

  #nextWord(w: number): number {
    const summary = this.#summary;
    let mask = -1 << (w & 31);
    for (let s = w >> 5; s < summary.length; s++) {
      const left = summary[s] & mask;
      mask = -1;
      if (left === 0) continue;
      const found = (s << 5) + lowest(left);
      return (found << 5) + lowest(this.#words[found]);
    }
    return -1;
  }
}
