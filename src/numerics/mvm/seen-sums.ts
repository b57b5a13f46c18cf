/** The sums that one slice has shown in one plane of inputs, and those that others of the kind may show. */
import type { SumHistogram } from './sum-histogram.ts';

/** Moments and extremes. */
export class SeenSums {
  #vectors = 0;
  #count = 0;
  #total = 0;
  #squares = 0;
  #least = Infinity;
  #most = -Infinity;

  /** The columns of one vector. */
  add(sums: Int32Array): void {
    this.#vectors++;
    this.#count += sums.length;
    for (const sum of sums) {
      this.#total += sum;
      this.#squares += sum * sum;
      if (sum < this.#least) this.#least = sum;
      if (sum > this.#most) this.#most = sum;
    }
  }

  /**
   * Adds what is to be expected beyond the sums that were seen, each of `weight` in a result: the tails of a normal law. Its
   * variance is that of a next value where mean and variance are known from n others alone, (n + 1) / (n - 1) times theirs
   * (Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.2). n counts vectors: the columns of one have their inputs in common.
   */
  addTails(sums: SumHistogram, weight: number): void {
    const [n, mean] = [this.#vectors, this.#total / this.#count];
    const variance = (this.#squares / this.#count - mean * mean) * ((n + 1) / Math.max(1, n - 1));
    if (!(variance > 0)) return;
    const scale = this.#count / Math.sqrt(2 * Math.PI * variance);
    const add = (bin: number): void => {
      const z2 = (sums.middle(bin) - mean) ** 2 / variance;
      sums.add(bin, weight, scale * sums.width(bin) * Math.exp(-z2 / 2));
    };
    for (let bin = sums.binOf(this.#least) - 1; bin >= 0; bin--) add(bin);
    for (let bin = sums.binOf(this.#most) + 1; bin < sums.bins; bin++) add(bin);
  }
}
