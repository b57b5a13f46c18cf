/** The window of codes with which the results of sums have the least square error: clipping and rounding. */
import type { AdcWindow } from './spec.ts';
import type { SumHistogram } from './sum-histogram.ts';

/** Steps of a converter that are tried: the PARTS-th to the half part of powers of two, each about a GROWTH-th larger than the one before. */
const PARTS = 128;
const GROWTH = 16;

/**
 * The window with the least expected error; of equals the one of the finest steps, then the lowest. Which steps are tried does
 * not depend on the codes, so that twice as many can do what fewer do, and more. Conversions are taken to err on their
 * own, but for their mean errors, which add up over the conversions of a result.
 */
export function bestWindow(sums: SumHistogram, maxCode: number): AdcWindow {
  const { first, last, unit, results } = sums;
  const errors = new WindowErrors(sums);
  let best: AdcWindow = { levels: 1, steps: 1, low: first };
  let least = Infinity;
  for (const { levels, steps } of stepSizes(last - first)) {
    const step = levels / steps;
    errors.setStep(step);
    const stride = Math.max(1, Math.floor(unit / step));
    for (let low = Math.ceil(first / step); low * step <= last; low += stride) {
      const { square, mean } = errors.of(low, low + maxCode);
      const error = square + (mean * mean) / results;
      if (error < least) [best, least] = [{ levels, steps, low }, error];
    }
  }
  return best;
}

/** From one level to a full column. With whole parts of a power of two, a level is a whole number of the units of a conversion. */
function stepSizes(full: number): Pick<AdcWindow, 'levels' | 'steps'>[] {
  const all: Pick<AdcWindow, 'levels' | 'steps'>[] = [];
  for (let levels = PARTS; levels < full * PARTS; levels *= 2)
    for (let steps = PARTS; 2 * steps > PARTS; steps -= Math.ceil(steps / GROWTH))
      all.push({ levels, steps });
  return all;
}

/** Errors of all sums together, weighted; of each window in the same short time. */
class WindowErrors {
  readonly #sums: SumHistogram;
  readonly #squares: Moments;
  readonly #signed: Moments;
  /** By bin: squares of the errors of all bins before it, and errors, as far as codes have no end. */
  readonly #square: Float64Array;
  readonly #mean: Float64Array;
  #step = 1;

  constructor(sums: SumHistogram) {
    this.#sums = sums;
    this.#squares = momentsOf(sums, sums.squares);
    this.#signed = momentsOf(sums, sums.signed);
    this.#square = new Float64Array(sums.bins + 1);
    this.#mean = new Float64Array(sums.bins + 1);
  }

  /** Of several levels in a bin all come alike. */
  setStep(step: number): void {
    const sums = this.#sums;
    const { squares, signed, bins } = sums;
    this.#step = step;
    for (let bin = 0; bin < bins; bin++) {
      const [width, middle] = [sums.width(bin), sums.middle(bin)];
      let [square, mean] = [0, 0];
      if (width === 1) {
        mean = -leftOf(middle, step);
        square = mean * mean;
      } else if (step !== 1) {
        const [from, to] = [middle - width / 2, middle + width / 2];
        square = (squaresTo(to, step) - squaresTo(from, step)) / width;
      }
      this.#square[bin + 1] = this.#square[bin] + squares[bin] * square;
      this.#mean[bin + 1] = this.#mean[bin] + signed[bin] * mean;
    }
  }

  /** With codes for `low` to `high` steps. */
  of(low: number, high: number): { square: number; mean: number } {
    const step = this.#step;
    const { bins } = this.#sums;
    const [from, to] = [this.#sums.binFrom((low - 0.5) * step), this.#sums.binFrom((high + 0.5) * step)];
    const [least, most] = [low * step, high * step];
    const square = this.#square[to] - this.#square[from];
    const mean = this.#mean[to] - this.#mean[from];
    return {
      square: square + squareTo(this.#squares, 0, from, least) + squareTo(this.#squares, to, bins, most),
      mean: mean + meanTo(this.#signed, 0, from, least) + meanTo(this.#signed, to, bins, most),
    };
  }
}

/** What rounding to whole steps takes off. */
const leftOf = (sum: number, step: number): number => sum - Math.floor(sum / step + 0.5) * step;

/** The integral of its square from 0 on. */
function squaresTo(sum: number, step: number): number {
  const left = leftOf(sum, step);
  return ((sum - left) * step * step) / 12 + (left * left * left) / 3;
}

/** By bin, over all bins before it: sums of weight times a power of the middle. */
type Moments = readonly [zeroth: Float64Array, first: Float64Array, second: Float64Array];

function momentsOf(sums: SumHistogram, weights: Float64Array): Moments {
  const empty = (): Float64Array => new Float64Array(sums.bins + 1);
  const moments: Moments = [empty(), empty(), empty()];
  for (let bin = 0; bin < sums.bins; bin++) {
    const x = sums.middle(bin);
    moments[0][bin + 1] = moments[0][bin] + weights[bin];
    moments[1][bin + 1] = moments[1][bin] + weights[bin] * x;
    moments[2][bin + 1] = moments[2][bin] + weights[bin] * x * x;
  }
  return moments;
}

/** What the bins `from` to `to` - 1 are off if all of them become `code`. */
const meanTo = ([zeroth, first]: Moments, from: number, to: number, code: number): number =>
  from >= to ? 0 : code * (zeroth[to] - zeroth[from]) - (first[to] - first[from]);

const squareTo = ([zeroth, first, second]: Moments, from: number, to: number, code: number): number =>
  from >= to
    ? 0
    : code * code * (zeroth[to] - zeroth[from]) -
      2 * code * (first[to] - first[from]) +
      (second[to] - second[from]);
