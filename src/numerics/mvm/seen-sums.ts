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
   * Adds what is to be expected beyond the sums that were seen, each of `weight` in a result. A next value of a normal law whose mean
   * and variance are known from n others alone is distributed as Student's t of n - 1 degrees of freedom, sqrt((n + 1) / (n - 1))
   * times as wide as they are (Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.2). n counts vectors: the columns
   * of one have their inputs in common.
   */
  addTails(sums: SumHistogram, weight: number): void {
    const [n, mean] = [this.#vectors, this.#total / this.#count];
    const freedom = Math.max(1, n - 1);
    const variance = (this.#squares / this.#count - mean * mean) * ((n + 1) / freedom);
    if (!(variance > 0)) return;
    const scale = this.#count / (Math.sqrt(variance) * studentArea(freedom));
    const add = (bin: number): void => {
      const z2 = (sums.middle(bin) - mean) ** 2 / variance;
      const density = Math.exp(-((freedom + 1) / 2) * Math.log(1 + z2 / freedom));
      sums.add(bin, weight, scale * sums.width(bin) * density);
    };
    for (let bin = sums.binOf(this.#least) - 1; bin >= 0; bin--) add(bin);
    for (let bin = sums.binOf(this.#most) + 1; bin < sums.bins; bin++) add(bin);
  }
}

/** Area under (1 + z^2 / k)^(-(k + 1) / 2): sqrt(k) B(1/2, k/2). */
function studentArea(freedom: number): number {
  let beta = freedom % 2 === 1 ? Math.PI : 2;
  for (let k = freedom % 2 === 1 ? 1 : 2; k < freedom; k += 2) beta *= k / (k + 1);
  return Math.sqrt(freedom) * beta;
}
