/**
 * Where the converters of a matrix should look: ADCs with settable references clip to the sums that there are, instead of
 * spending codes on a full column (DNN+NeuroSim clips to the observed range likewise).
 */
import { forEachArray } from './arrays.ts';
import type { MvmInput } from './backend.ts';
import { cellLevels, EMPTY } from './levels.ts';
import { type AdcSpec, type AdcWindow, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

/** Vectors and columns of each product that are looked at, evenly spaced. */
export const VECTORS = 12;
const COLUMNS = 24;
/** Windows that are tried: sizes in geometric, starts in arithmetic steps. */
const SIZES = 24;
const STARTS = 48;
/** Above every sum of a column; two sums fit a double. */
const PAIR = 2 ** 26;

/** Collects column sums, free of noise, and chooses the window that converts them with the least error. */
export class WindowFit {
  readonly #plan: MvmPlan;
  /** By sum in levels: how often it came, times the square of its weight in the result. */
  readonly #sums: Float64Array;

  /** `like`: another shape on the same crossbars, whose sums count too. */
  constructor(spec: MvmSpec, like?: WindowFit) {
    this.#plan = planMvm(spec);
    this.#sums = like === undefined ? new Float64Array(spec.arrayRows * this.#plan.maxLevel + 1) : like.#sums;
  }

  /** The columns that are looked at. */
  get columns(): readonly number[] {
    return sampled(this.#plan.spec.cols, COLUMNS);
  }

  /** Looks at one product: integer weights [rows][cols] and inputs [vectors][rows]. */
  add(weights: ArrayLike<number>, x: MvmInput): void {
    const { rows, cols } = this.#plan.spec;
    const { columns } = this;
    const few = new Int16Array(rows * columns.length);
    for (let row = 0, at = 0; row < rows; row++)
      for (const col of columns) few[at++] = weights[row * cols + col];
    this.addColumns(few, x);
  }

  /** As `add`, with the weights of `columns` alone. */
  addColumns(weights: Int16Array, x: MvmInput): void {
    if (this.#holdsAll) return;
    const { spec, blocks, slices, sliceWeights, planeWeights } = this.#plan;
    const { rows, arrayRows } = spec;
    const cols = Math.min(spec.cols, COLUMNS);
    const width = Math.ceil((slices * cols) / 2);
    const pairs = packedCells(weights, planMvm({ ...spec, cols }), width);
    const sums = new Float64Array(width);
    for (const vector of sampled(x.length / rows, VECTORS)) {
      for (let block = 0; block < blocks; block++) {
        const first = block * arrayRows;
        const last = Math.min(rows, first + arrayRows);
        for (let plane = 0; plane < planeWeights.length; plane++) {
          sums.fill(0);
          for (let row = first; row < last; row++) {
            if (((x[vector * rows + row] >> plane) & 1) === 0) continue;
            for (let i = 0, at = row * width; i < width; i++, at++) sums[i] += pairs[at];
          }
          for (let i = 0; i < slices * cols; i++) {
            const pair = sums[i >> 1];
            const sum = (i & 1) === 0 ? pair % PAIR : Math.floor(pair / PAIR);
            this.#sums[sum] += (planeWeights[plane] * sliceWeights[Math.floor(i / cols)]) ** 2;
          }
        }
      }
    }
  }

  /** The best window; undefined where the codes hold every sum, so that there is nothing to choose. */
  window(): AdcWindow | undefined {
    return this.#holdsAll ? undefined : bestWindow(this.#sums, this.#plan.maxCode);
  }

  get #holdsAll(): boolean {
    return this.#plan.maxCode >= this.#sums.length - 1;
  }
}

/** Levels of the cells [row][slice and column], two in a double, so that one addition does for both. */
function packedCells(weights: Int16Array, plan: MvmPlan, width: number): Float64Array {
  const { rows, arrayRows, cols } = plan.spec;
  const levels = cellLevels(weights, plan);
  const pairs = new Float64Array(rows * width);
  forEachArray(plan, (block, slice, start, size) => {
    for (let i = 0; i < size; i++) {
      const level = levels[start + i];
      if (level === EMPTY) continue;
      const place = slice * cols + (i % cols);
      const row = block * arrayRows + Math.floor(i / cols);
      pairs[row * width + (place >> 1)] += (place & 1) === 0 ? level : level * PAIR;
    }
  });
  return pairs;
}

/** The ADC with its references at a window. */
export const adcAt = (bits: number, { levels, steps, low }: AdcWindow): AdcSpec => ({
  bits,
  levelsPerLsb: { levels, steps },
  low,
});

/** At most `most` numbers of 0 .. count - 1, evenly spaced. */
export function sampled(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

/** The window with the least weighted square error over a histogram of sums; of equals the widest, then the lowest. */
export function bestWindow(sums: Float64Array, maxCode: number): AdcWindow {
  const full = sums.length - 1;
  let best: AdcWindow = { levels: Math.max(full, maxCode), steps: maxCode, low: 0 };
  let least = conversionError(sums, best, maxCode);
  const growth = (best.levels / maxCode) ** (1 / (SIZES - 1));
  for (let size = SIZES - 1; size >= 0; size--) {
    const levels = Math.round(maxCode * growth ** size);
    const highest = Math.floor((full * maxCode) / levels);
    const stride = Math.max(1, Math.ceil(highest / STARTS));
    for (let low = 0; low <= highest; low += stride) {
      const window = { levels, steps: maxCode, low };
      const error = conversionError(sums, window, maxCode);
      if (error < least) [best, least] = [window, error];
    }
  }
  return best;
}

/** Sum over a histogram of weight x (converted - sum)^2, in levels squared. */
export function conversionError(sums: Float64Array, window: AdcWindow, maxCode: number): number {
  const { levels, steps, low } = window;
  const step = levels / steps;
  let error = 0;
  for (let sum = 0; sum < sums.length; sum++) {
    if (sums[sum] === 0) continue;
    const code = Math.min(low + maxCode, Math.max(low, Math.floor(sum / step + 0.5)));
    error += sums[sum] * (code * step - sum) ** 2;
  }
  return error;
}
