/** A histogram of magnitudes whose range doubles when a larger one comes: neighbouring bins merge, so the counts stay exact and order does not matter. */
import { log2 } from '../../base/math.ts';

const BINS = 4096;

export class Histogram {
  /** Values by |value|: bin i covers [i, i + 1) x width. */
  readonly counts = new Float64Array(BINS);
  #width = 0;
  #total = 0;
  #largest = 0;
  #negative = false;

  add(values: Float32Array): void {
    let largest = this.#largest;
    let least = 0;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      const size = Math.abs(v);
      if (size > largest) largest = size;
      if (v < least) least = v;
    }
    if (least < 0) this.#negative = true;
    this.#largest = largest;
    this.#total += values.length;
    this.#cover(largest);
    // An operand that is all zeros so far has no width yet.
    const perWidth = this.#width === 0 ? 0 : 1 / this.#width;
    const { counts } = this;
    for (let i = 0; i < values.length; i++) counts[(Math.abs(values[i]) * perWidth) | 0]++;
  }

  get width(): number {
    return this.#width;
  }

  get total(): number {
    return this.#total;
  }

  get largest(): number {
    return this.#largest;
  }

  /** A value below zero was seen. */
  get negative(): boolean {
    return this.#negative;
  }

  /** Powers of two only, so that every width is a whole number of narrower ones and division is exact. */
  #cover(largest: number): void {
    if (largest === 0) return;
    if (this.#width === 0) {
      this.#width = 2 ** (Math.floor(log2(largest)) - log2(BINS));
    }
    while (this.#width * BINS <= largest) {
      for (let i = 0; i < BINS; i++)
        this.counts[i] = i < BINS / 2 ? this.counts[2 * i] + this.counts[2 * i + 1] : 0;
      this.#width *= 2;
    }
  }
}
