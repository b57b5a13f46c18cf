/**
 * Where the converters of a matrix should look: ADCs with settable references clip to the sums that there are, instead of
 * spending codes on a full column (DNN+NeuroSim clips to the observed range likewise).
 */
import type { MvmInput } from './backend.ts';
import { bestWindow } from './best-window.ts';
import { addRows, type PackedCells, packedCells, unpack } from './packed-cells.ts';
import { SeenSums } from './seen-sums.ts';
import { type AdcSpec, type AdcWindow, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';
import { SumHistogram } from './sum-histogram.ts';

/** Vectors and columns of each product that are looked at, evenly spaced: the fewer vectors, the wider the window. */
export const VECTORS = 64;
const COLUMNS = 24;
/** About as many bins has a histogram of sums of several input bits a step, or of merged slices. */
const BINS = 2 ** 12;

/** Collects column sums, free of noise, and chooses the window that converts them, and others like them, with the least error. */
export class WindowFit {
  readonly #plan: MvmPlan;
  readonly #sums: SumHistogram;
  /** By plane of inputs and slice. */
  readonly #seen: readonly (readonly SeenSums[])[];

  /** `like`: another shape on the same crossbars, whose sums count too. */
  constructor(spec: MvmSpec, like?: WindowFit) {
    this.#plan = planMvm(spec);
    const { maxDigit, leastSum, mostSum, planes, weightSlices } = this.#plan;
    const spread = maxDigit > 1 || spec.merge ? Math.max(1, (mostSum - leastSum) / BINS) : 1;
    this.#sums = like === undefined ? new SumHistogram(leastSum, mostSum, Math.ceil(spread)) : like.#sums;
    this.#seen = like === undefined ? planes.map(() => weightSlices.map(() => new SeenSums())) : like.#seen;
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
    const { spec, blocks, planes } = this.#plan;
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
          this.#tally(cells, sums, plane, [even, odd]);
        }
      }
      this.#sums.results += cells.columns;
    }
  }

  /** The best window; undefined where the ADC as it stands loses nothing, so that there is nothing to choose. */
  window(): AdcWindow | undefined {
    if (this.#plan.lossless) return undefined;
    // A code for every sum: no window is better, whatever the sums are.
    if (this.#holdsAll) return { levels: 1, steps: 1, low: this.#plan.leastSum };
    const sums = this.#sums.copy();
    for (const [plane, slices] of this.#seen.entries())
      for (const [slice, seen] of slices.entries()) seen.addTails(sums, this.#weight(plane, slice));
    return bestWindow(sums, this.#plan.maxCode);
  }

  get #holdsAll(): boolean {
    const { maxCode, leastSum, mostSum } = this.#plan;
    return maxCode >= mostSum - leastSum;
  }

  /** What a sum counts in a result. */
  #weight(plane: number, slice: number): number {
    return this.#plan.planeWeights[plane] * this.#plan.sliceWeights[slice];
  }

  #tally(cells: PackedCells, words: Int32Array, plane: number, [even, odd]: readonly [number, number]): void {
    const values = new Int32Array(cells.columns);
    for (const [slice, { reference }] of this.#plan.weightSlices.entries()) {
      const taken = even * reference[0] + odd * reference[1];
      const weight = this.#weight(plane, slice);
      unpack(cells, words, slice, values);
      for (let col = 0; col < values.length; col++) {
        values[col] -= taken;
        this.#sums.add(this.#sums.binOf(values[col]), weight);
      }
      this.#seen[plane][slice].add(values);
    }
  }
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
