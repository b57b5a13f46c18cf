/** The method of batch means (Law, Simulation Modeling and Analysis, chapter 9, on the output of a single system): how sure a mean over correlated values is. */

/** Batches of a measurement; ten to twenty are the usual choice, so that means of neighbours are nearly independent. */
const BATCHES = 10;
/** Student's t, two-sided 95 %: of a mean over the batches (9 degrees of freedom), and of a slope over them (8). */
const T_MEAN = 2.262;
const T_SLOPE = 2.306;
/** A rise over the measurement below this share of the mean is none; as BookSim 2's stopping threshold. */
const LEAST_RISE = 0.05;

interface Confidence {
  /** Half width of the 95 % interval around the mean. */
  readonly halfWidth: number;
  /** The values grow with time: significantly (97.5 %, one-sided), and by more than 5 % of their mean from the first batch to the last. */
  readonly rising: boolean;
}

/** Values by time, in equal stretches of it. */
export class BatchMeans {
  readonly #start: number;
  readonly #length: number;
  readonly #sums = new Float64Array(BATCHES);
  readonly #counts = new Float64Array(BATCHES);

  /** Of values at times from `start` up to `start + span`; earlier ones count with the first batch. */
  constructor(start: number, span: number) {
    this.#start = start;
    this.#length = span / BATCHES;
  }

  add(time: number, value: number): void {
    const batch = Math.floor((time - this.#start) / this.#length);
    const i = Math.min(Math.max(batch, 0), BATCHES - 1);
    this.#sums[i] += value;
    this.#counts[i]++;
  }

  /** null where a batch is empty. */
  confidence(): Confidence | null {
    if (this.#counts.includes(0)) return null;
    const means = Array.from(this.#sums, (sum, i) => sum / this.#counts[i]);
    const mean = means.reduce((sum, m) => sum + m, 0) / BATCHES;
    const middle = (BATCHES - 1) / 2;
    const squares = means.reduce((sum, m) => sum + (m - mean) * (m - mean), 0);
    const times = means.reduce((sum, _, i) => sum + (i - middle) * (i - middle), 0);
    const slope = means.reduce((sum, m, i) => sum + (i - middle) * (m - mean), 0) / times;
    const left = Math.max(0, squares - slope * slope * times);
    const slopeError = Math.sqrt(left / (BATCHES - 2) / times);
    const rise = slope * (BATCHES - 1);
    return {
      halfWidth: T_MEAN * Math.sqrt(squares / (BATCHES - 1) / BATCHES),
      rising: slope > T_SLOPE * slopeError && rise > LEAST_RISE * mean,
    };
  }
}
