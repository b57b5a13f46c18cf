/** Sums of columns by how often they come, and what they weigh in the results. */

/** Bins of `unit` levels each, on both sides of 0, which has a bin of its own: with few active rows, most sums are 0. */
export class SumHistogram {
  readonly unit: number;
  /** By bin, over all sums: the squares of what they weigh in a result; and what they weigh, with its sign. */
  readonly squares: Float64Array;
  readonly signed: Float64Array;
  /** Results that these sums went into. */
  results = 0;
  readonly #below: number;

  /** For sums from `least`, at most 0, to `most`, at least 0. */
  constructor(least: number, most: number, unit: number) {
    this.unit = unit;
    this.#below = Math.ceil(-least / unit);
    const bins = this.#below + 1 + Math.ceil(most / unit);
    this.squares = new Float64Array(bins);
    this.signed = new Float64Array(bins);
  }

  get bins(): number {
    return this.squares.length;
  }

  /** The first and the last sum that have a bin. */
  get first(): number {
    return -this.#below * this.unit;
  }
  get last(): number {
    return (this.bins - 1 - this.#below) * this.unit;
  }

  add(bin: number, weight: number, times = 1): void {
    this.squares[bin] += weight * weight * times;
    this.signed[bin] += weight * times;
  }

  binOf(sum: number): number {
    const steps = Math.ceil(Math.abs(sum) / this.unit);
    return this.#below + (sum < 0 ? -steps : steps);
  }

  /** Levels of a bin. */
  width(bin: number): number {
    return bin === this.#below ? 1 : this.unit;
  }

  /** The middle of its levels. */
  middle(bin: number): number {
    const steps = bin - this.#below;
    return steps * this.unit - (Math.sign(steps) * (this.unit - 1)) / 2;
  }

  /** The first bin whose middle is at `sum` or above. */
  binFrom(sum: number): number {
    const half = (this.unit - 1) / 2;
    const steps = Math.ceil((sum + (sum > 0 ? half : -half)) / this.unit);
    return Math.max(0, Math.min(this.bins, this.#below + steps));
  }

  copy(): SumHistogram {
    const other = new SumHistogram(this.first, this.last, this.unit);
    other.squares.set(this.squares);
    other.signed.set(this.signed);
    other.results = this.results;
    return other;
  }
}
