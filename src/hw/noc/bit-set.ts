/** A set of small integers as a bitmap, walked in ascending order. */

export class BitSet {
  /** Bit i & 31 of word i >> 5 tells whether i is in the set. */
  readonly words: Int32Array;

  constructor(size: number) {
    this.words = new Int32Array((size + 31) >> 5);
  }

  get empty(): boolean {
    for (let w = 0; w < this.words.length; w++) if (this.words[w] !== 0) return false;
    return true;
  }

  add(i: number): void {
    this.words[i >> 5] |= 1 << (i & 31);
  }

  remove(i: number): void {
    this.words[i >> 5] &= ~(1 << (i & 31));
  }
}
