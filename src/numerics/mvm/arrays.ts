/** What acts on whole arrays: the reference column, gain and offset of the converters, and the check that every sum is exact. */

import { TrexError, usageError } from '../../base/errors.ts';
import { log2 } from '../../base/math.ts';
import { type StreamKey, subKey } from '../../base/random.ts';
import { ofKind, type TermEffect } from '../../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../../tech/noise-model.ts';
import type { ReferenceLevels } from '../../tech/weight-encoding.ts';
import {
  arrayCellKeys,
  type CellProgram,
  cellKeys,
  cellProgram,
  programArray,
  referenceProgram,
} from '../noise/cell-program.ts';
import { type ColumnShape, type ConversionNoise, largestNoise } from '../noise/column-noise.ts';
import { drawZ } from '../noise/gaussian.ts';
import { type Inl, inlOf } from '../noise/inl.ts';
import { Z_BITS } from '../noise/normal-table.ts';
import { numberedKey } from '../noise/numbered-key.ts';
import { placeSquares } from './merge.ts';
import type { MvmPlan } from './spec.ts';

/** The INL term adds less than so many ADC steps. */
const INL_STEPS = 4;

/** What a noise model does to the cells of a plan and to all that stands around them. */
export function planEffects({ spec }: MvmPlan, noise: NoiseModel): TermEffect[] {
  const effects = noiseEffects(noise, 2 ** spec.cellBits - 1);
  const [merge] = [...ofKind(effects, 'mergeSpread'), ...ofKind(effects, 'mergeNoise')];
  if (merge !== undefined && !spec.merge)
    throw usageError(`noise term ${merge.term}: these crossbars merge no slices, set merge`);
  return effects;
}

/** The cells of a plan that merges no slices, under the effects of a noise model. */
export const planCells = (plan: MvmPlan, effects: readonly TermEffect[]): CellProgram =>
  cellProgram(effects, plan.maxLevel, levelStep(plan));

/** Units of one level. */
export const levelStep = ({ fracBits, steps, levels }: MvmPlan): number => (2 ** fracBits * steps) / levels;

/** What the noise of a conversion depends on. */
export const columnShape = (plan: MvmPlan): ColumnShape => ({
  arrays: plan.blocks * plan.slices,
  rows: plan.spec.arrayRows,
  cols: plan.spec.cols,
  levelStep: levelStep(plan),
  adcStep: 2 ** plan.fracBits,
  maxLevel: 2 ** plan.spec.cellBits - 1,
  fullLevels: plan.spec.arrayRows * plan.maxLevel * plan.maxDigit,
  adcBits: plan.spec.adc.bits,
  cellsPerRow: (readsReference(plan) ? 2 : 1) * placeSquares(plan),
  merge: plan.spec.merge
    ? { slices: plan.cellsPerWeight / plan.slices, cellBits: plan.spec.cellBits }
    : undefined,
  maxDigit: plan.maxDigit,
});

/** Nothing but integers is left: the result is the integer product. */
export const isIdeal = (plan: MvmPlan, effects: readonly TermEffect[]): boolean =>
  plan.lossless && effects.length === 0;

/** A reference column conducts as much as the others, and its noise with it. That of one at level 0 is left out. */
export const readsReference = ({ weightSlices }: Pick<MvmPlan, 'weightSlices'>): boolean =>
  weightSlices.some(({ reference }) => conducts(reference));

const conducts = ([even, odd]: ReferenceLevels): boolean => even > 0 || odd > 0;

/** Levels of the cells of the reference column of each slice; undefined: nothing is subtracted before the ADC. */
export function referenceLevels(
  { weightSlices }: Pick<MvmPlan, 'weightSlices'>,
  effects: readonly TermEffect[],
): readonly ReferenceLevels[] | undefined {
  const levels = weightSlices.map(({ reference }) => reference);
  const ofOffCells = ofKind(effects, 'offConductance').some(({ reference }) => reference === 'column');
  return ofOffCells || levels.some(conducts) ? levels : undefined;
}

/** Rows of the matrix in a row block: the last one may have fewer than its arrays. */
export const filledRows = ({ spec }: MvmPlan, block: number): number =>
  Math.min(spec.arrayRows, spec.rows - block * spec.arrayRows);

/**
 * The reference cell beside each row, with the frozen variation of its own, [block][slice][row]; 0 where no row is. Arrays
 * that hold the same slice of the same rows have equal ones.
 */
export function referenceCells(
  plan: MvmPlan,
  levels: readonly ReferenceLevels[],
  cells: CellProgram,
  key: StreamKey,
): Int32Array {
  const { arrayRows } = plan.spec;
  const reference = new Int32Array(plan.blocks * plan.slices * arrayRows);
  const own = referenceProgram(cells);
  const streams = cellKeys(own, key, 'reference');
  forEachArray(plan, (block, slice) => {
    const array = block * plan.slices + slice;
    const keys = arrayCellKeys(streams, array);
    const column = Int16Array.from({ length: filledRows(plan, block) }, (_, row) => levels[slice][row % 2]);
    reference.set(programArray(own, column, keys), array * arrayRows);
  });
  return reference;
}

export interface Converters {
  /**
   * Added to the sums, [block][slice][col], in units: half an ADC step for rounding, less the steps below code 0, and the
   * offset of the converter.
   */
  readonly offsets: Int32Array;
  /** Factors on the sums, [block][slice][col], if there is any. */
  readonly gains?: Float64Array;
}

export function converters(plan: MvmPlan, effects: readonly TermEffect[], key: StreamKey): Converters {
  const { cols } = plan.spec;
  const count = plan.blocks * plan.slices * cols;
  const offsets = new Int32Array(count).fill((0.5 - plan.low) * 2 ** plan.fracBits);
  const spreads = ofKind(effects, 'converterSpread');
  const gains = new Float64Array(spreads.some(hasGain) ? count : 0).fill(1);
  for (const spread of spreads) {
    const streams = [subKey(key, `${spread.term}-gain`), subKey(key, `${spread.term}-offset`)];
    forEachArray(plan, (block, slice) => {
      const array = block * plan.slices + slice;
      const [gainKey, offsetKey] = streams.map(stream => numberedKey(stream, array));
      for (let col = 0; col < cols; col++) {
        const at = array * cols + col;
        const converter = Math.floor(col / spread.columns);
        if (hasGain(spread)) gains[at] *= 1 + (spread.gain * drawZ(gainKey, converter)) / 2 ** Z_BITS;
        const offset = (spread.offset_LSB * drawZ(offsetKey, converter)) / 2 ** Z_BITS;
        offsets[at] += Math.round(offset * 2 ** plan.fracBits);
      }
    });
  }
  return gains.length > 0 ? { offsets, gains } : { offsets };
}

/** Whether converters differ by a factor, which is real. */
export const hasGain = ({ gain }: { readonly gain: number }): boolean => gain > 0;

/** The bow of the converters, if they have one. @throws TrexError (usage) for more than one. */
export function bowOf({ spec, fracBits }: MvmPlan, effects: readonly TermEffect[]): Inl | undefined {
  const [bow, other] = ofKind(effects, 'bow');
  if (other !== undefined)
    throw usageError(`${bow.term} and ${other.term} both bend the curve of the converters: leave one out`);
  return bow && inlOf(bow.inl_LSB, spec.adc.bits, fracBits);
}

/**
 * Every value on the way to a code must be exact in float32, or in int32 where the plan says so; `magnitudes`: sums of |g| over a column, [array][col].
 * @throws TrexError that says how many fracBits fit.
 */
export function checkSums(
  magnitudes: ArrayLike<number>,
  offsets: Int32Array,
  noise: ConversionNoise,
  plan: MvmPlan,
): void {
  const { maxDigit, sumLimit } = plan;
  const spread = largestNoise(noise);
  let largest = 0;
  for (let i = 0; i < offsets.length; i++)
    largest = Math.max(largest, magnitudes[i] * maxDigit + Math.abs(offsets[i]) + spread);
  largest += INL_STEPS * 2 ** plan.fracBits;
  if (largest < sumLimit) return;
  const fit = plan.fracBits - Math.floor(log2(largest / sumLimit)) - 1;
  const bits = log2(sumLimit);
  throw new TrexError(
    fit >= 1
      ? `column sums with this noise overflow ${bits} bits: the largest fracBits that fits is ${fit}, the spec has ${plan.fracBits}`
      : `column sums with this noise overflow ${bits} bits: use fewer rows per array`,
  );
}

/** Visits every array with the index of its first cell and its number of cells. */
export function forEachArray(
  plan: MvmPlan,
  visit: (block: number, slice: number, start: number, size: number) => void,
): void {
  for (const { block, slice, start, size } of arraysOf(plan)) visit(block, slice, start, size);
}

/** A row block of a slice, where its cells start and how many they are. */
interface ArrayPlace {
  readonly block: number;
  readonly slice: number;
  readonly start: number;
  readonly size: number;
}

/** The arrays in their order. */
export function* arraysOf({ blocks, slices, spec }: MvmPlan): Generator<ArrayPlace, void> {
  const size = spec.arrayRows * spec.cols;
  for (let block = 0; block < blocks; block++)
    for (let slice = 0; slice < slices; slice++)
      yield { block, slice, start: (block * slices + slice) * size, size };
}
