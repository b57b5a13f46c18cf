/** A set of small integers as a bitmap with a summary, walked in ascending order without a look at empty parts. */

export class BitSet {
  /** Bit i & 31 of word i >> 5 tells whether i is in the set. */
  readonly words: Int32Array;
  /** Bit w & 31 of word w >> 5 is set when words[w] may not be 0; remove() leaves it, a walk may clear it. */
  readonly summary: Int32Array;

  constructor(size: number) {
    this.words = new Int32Array((size + 31) >> 5);
    this.summary = new Int32Array((this.words.length + 31) >> 5);
  }

  get empty(): boolean {
    const { summary, words } = this;
    for (let s = 0; s < summary.length; s++) {
      for (let left = summary[s]; left !== 0; left &= left - 1) {
        const w = (s << 5) + 31 - Math.clz32(left & -left);
        if (words[w] !== 0) return false;
      }
    }
    return true;
  }

  add(i: number): void {
    this.words[i >> 5] |= 1 << (i & 31);
    this.summary[i >> 10] |= 1 << ((i >> 5) & 31);
  }

  remove(i: number): void {
    const left = this.words[i >> 5] & ~(1 << (i & 31));
    this.words[i >> 5] = left;
    if (left === 0) this.summary[i >> 10] &= ~(1 << ((i >> 5) & 31));
  }
}
