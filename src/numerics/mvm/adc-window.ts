/**
 * Where the converters of a matrix should look: ADCs with settable references clip to the sums that there are, instead of
 * spending codes on a full column (DNN+NeuroSim clips to the observed range likewise).
 */
import { log2, pow } from '../../base/math.ts';
import type { MvmInput } from './backend.ts';
import { checkWeights, slicer } from './levels.ts';
import { type AdcSpec, type AdcWindow, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

/** Vectors and columns of each product that are looked at, evenly spaced. */
export const VECTORS = 12;
const COLUMNS = 24;
/** Windows that are tried: sizes in geometric, starts in arithmetic steps. */
const SIZES = 24;
const STARTS = 48;
/** Bins of a histogram of sums of several input bits a step, or of merged slices; a bin is a power of two of levels. */
const BINS = 2 ** 13;
/** Words whose sums are kept in registers. */
const WORDS = 4;

/** Collects column sums, free of noise, and chooses the window that converts them with the least error. */
export class WindowFit {
  readonly #plan: MvmPlan;
  /** By sum, from the least one on, in bins of 2^coarse levels: how often it came, times the square of its weight in the result. */
  readonly #sums: Float64Array;
  readonly #coarse: number;
  readonly #full: number;
  /** Below 0 where a reference column is subtracted. */
  readonly #least: number;

  /** `like`: another shape on the same crossbars, whose sums count too. */
  constructor(spec: MvmSpec, like?: WindowFit) {
    this.#plan = planMvm(spec);
    const { maxDigit, leastSum, mostSum } = this.#plan;
    this.#full = mostSum - leastSum;
    this.#coarse = maxDigit === 1 && !spec.merge ? 0 : Math.max(0, Math.ceil(log2(this.#full / BINS)));
    const bins = (this.#full >> this.#coarse) + 1;
    this.#least = leastSum;
    this.#sums = like === undefined ? new Float64Array(bins) : like.#sums;
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
    const { spec, blocks, planes, planeWeights } = this.#plan;
    const { rows, arrayRows } = spec;
    const cells = packedCells(weights, planMvm({ ...spec, cols: Math.min(spec.cols, COLUMNS) }));
    const sums = new Int32Array(cells.width);
    const active = new Int32Array(arrayRows);
    for (const vector of sampled(x.length / rows, VECTORS)) {
      for (let block = 0; block < blocks; block++) {
        const first = block * arrayRows;
        const last = Math.min(rows, first + arrayRows);
        for (const [plane, { shift, bits }] of planes.entries()) {
          let [even, odd] = [0, 0];
          sums.fill(0);
          // From the highest bit down: a level is twice what the bits above have, and this one.
          for (let bit = shift + bits - 1; bit >= shift; bit--) {
            let [count, ofOdd] = [0, 0];
            for (let row = first; row < last; row++) {
              active[count] = row * cells.width;
              const on = (x[vector * rows + row] >> bit) & 1;
              count += on;
              ofOdd += on & (row - first);
            }
            addRows(cells, active, count, sums);
            even = 2 * even + count - ofOdd;
            odd = 2 * odd + ofOdd;
          }
          this.#tally(cells, sums, [even, odd], planeWeights[plane] ** 2);
        }
      }
    }
  }

  /** The best window; undefined where the codes hold every sum, so that there is nothing to choose. */
  window(): AdcWindow | undefined {
    if (this.#holdsAll) return undefined;
    const unit = 2 ** this.#coarse;
    const { levels, steps, low } = bestWindow(this.#sums, this.#plan.maxCode, Math.round(this.#least / unit));
    return { levels: levels * unit, steps, low };
  }

  get #holdsAll(): boolean {
    return this.#plan.maxCode >= this.#full;
  }

  #tally(
    { bits, perWord, importance, references }: PackedCells,
    words: Int32Array,
    [even, odd]: readonly [number, number],
    factor: number,
  ): void {
    const mask = 2 ** bits - 1;
    const zero = -this.#least;
    for (let i = 0, place = 0; i < words.length; i++)
      for (let at = 0; at < perWord; at++, place++) {
        const taken = even * references[2 * place] + odd * references[2 * place + 1];
        const sum = ((words[i] >>> (at * bits)) & mask) - taken;
        this.#sums[(zero + sum) >> this.#coarse] += importance[place] * factor;
      }
  }
}

/** Levels of cells, several in a word, so that one addition does for all of them. */
interface PackedCells {
  /** Of a level, and of any sum over the rows of an array. */
  readonly bits: number;
  readonly perWord: number;
  /** Words of a row: the columns of one slice behind those of the one before. */
  readonly width: number;
  /** [row][word]. */
  readonly words: Int32Array;
  /** Of each place in a row: the square of its slice's weight; 0 behind the last one. */
  readonly importance: Float64Array;
  /** Of each place: the levels that a reference column takes off an active row, [place][even, odd]. */
  readonly references: Int32Array;
}

/** Doubles the sums and adds the rows that start at `active`, by word. */
function addRows({ width, words }: PackedCells, active: Int32Array, count: number, sums: Int32Array): void {
  for (let word = 0; word < width; word += WORDS) {
    let [a, b, c, d] = [sums[word] << 1, sums[word + 1] << 1, sums[word + 2] << 1, sums[word + 3] << 1];
    for (let k = 0; k < count; k++) {
      const at = active[k] + word;
      a = (a + words[at]) | 0;
      b = (b + words[at + 1]) | 0;
      c = (c + words[at + 2]) | 0;
      d = (d + words[at + 3]) | 0;
    }
    sums[word] = a;
    sums[word + 1] = b;
    sums[word + 2] = c;
    sums[word + 3] = d;
  }
}

function packedCells(weights: Int16Array, plan: MvmPlan): PackedCells {
  const { rows, arrayRows, cols } = plan.spec;
  checkWeights(weights, plan);
  const bits = Math.ceil(log2(arrayRows * plan.maxLevel * plan.maxDigit + 1));
  const perWord = Math.floor(32 / bits);
  const width = Math.ceil((plan.slices * cols) / perWord / WORDS) * WORDS;
  const levelOf = slicer(plan);
  const words = new Int32Array(rows * width);
  for (let slice = 0; slice < plan.slices; slice++)
    for (let col = 0; col < cols; col++) {
      const place = slice * cols + col;
      const shift = bits * (place % perWord);
      let at = Math.floor(place / perWord);
      for (let from = col; from < weights.length; from += cols, at += width)
        words[at] |= levelOf(weights[from], slice) << shift;
    }
  const importance = new Float64Array(width * perWord);
  const references = new Int32Array(2 * width * perWord);
  for (let place = 0; place < plan.slices * cols; place++) {
    const { weight, reference } = plan.weightSlices[Math.floor(place / cols)];
    importance[place] = weight ** 2;
    references.set(reference, 2 * place);
  }
  return { bits, perWord, width, words, importance, references };
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

/**
 * The window with the least weighted square error over a histogram of sums from `first` on; of equals the widest, then the
 * lowest.
 */
export function bestWindow(sums: Float64Array, maxCode: number, first = 0): AdcWindow {
  const full = sums.length - 1;
  const widest = Math.max(full, maxCode);
  let best: AdcWindow = { levels: widest, steps: maxCode, low: Math.round((first * maxCode) / widest) };
  let least = conversionError(sums, best, maxCode, first);
  const growth = pow(best.levels / maxCode, 1 / (SIZES - 1));
  for (let size = SIZES - 1; size >= 0; size--) {
    const levels = Math.round(maxCode * pow(growth, size));
    const lowest = Math.ceil((first * maxCode) / levels);
    const highest = Math.floor(((first + full) * maxCode) / levels);
    const stride = Math.max(1, Math.ceil((highest - lowest) / STARTS));
    for (let low = lowest; low <= highest; low += stride) {
      const window = { levels, steps: maxCode, low };
      const error = conversionError(sums, window, maxCode, first);
      if (error < least) [best, least] = [window, error];
    }
  }
  return best;
}

/** Sum over a histogram of weight x (converted - sum)^2, in levels squared. */
export function conversionError(sums: Float64Array, window: AdcWindow, maxCode: number, first = 0): number {
  const { levels, steps, low } = window;
  const step = levels / steps;
  let error = 0;
  for (let i = 0; i < sums.length; i++) {
    if (sums[i] === 0) continue;
    const sum = first + i;
    const code = Math.min(low + maxCode, Math.max(low, Math.floor(sum / step + 0.5)));
    error += sums[i] * (code * step - sum) ** 2;
  }
  return error;
}
