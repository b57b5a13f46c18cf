/** Programs a weight matrix into crossbars: levels, cells with their variation, then what acts on whole arrays. */
import type { StreamKey } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';
import { type Effect, ofKind, type TermEffect } from '../../tech/noise-effects.ts';
import type { NoiseModel } from '../../tech/noise-model.ts';
import { arrayCellKeys, type CellProgram, cellKeys, programArray } from '../noise/cell-program.ts';
import { columnNoise } from '../noise/column-noise.ts';
import {
  arraysOf,
  bowOf,
  checkSums,
  columnShape,
  converters,
  filledRows,
  forEachArray,
  isIdeal,
  planCells,
  planEffects,
  readsReference,
  referenceCells,
  referenceLevels,
} from './arrays.ts';
import { cellLevels } from './levels.ts';
import { cellPlan } from './merge.ts';
import type { ProgrammedMatrix } from './programmed-matrix.ts';
import {
  mergedReferences,
  merger,
  physicalColumns,
  type ReferenceColumns,
  subtractReference,
  withReference,
} from './reference-columns.ts';
import { HALF_ACTIVE, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

/**
 * Programs integer weights [rows][cols]. The same seed stream gives the same cells, whatever is programmed beside them.
 * Throws a `TrexError` for weights out of range and for conductances whose column sums overflow.
 */
export const program = (
  weights: ArrayLike<number>,
  spec: MvmSpec,
  noise: NoiseModel,
  key: StreamKey,
): ProgrammedMatrix => finished(programSteps(weights, spec, noise, key));

/** The same, array by array. */
export function* programSteps(
  weights: ArrayLike<number>,
  spec: MvmSpec,
  noise: NoiseModel,
  key: StreamKey,
): Generator<void, ProgrammedMatrix> {
  const plan = planMvm(spec);
  const programmed = cellPlan(plan);
  const levels = cellLevels(weights, programmed);
  const effects = planEffects(plan, noise);
  const cells = planCells(programmed, effects);
  const g = yield* programCells(levels, programmed, cells, key);
  return yield* finishing({ weights, plan, effects, cells, key }, g);
}

/** A matrix whose cells have been programmed, those of `cellPlan`. */
export interface Programmed {
  readonly weights: ArrayLike<number>;
  readonly plan: MvmPlan;
  readonly effects: readonly TermEffect[];
  readonly cells: CellProgram;
  readonly key: StreamKey;
}

/** Conductances of all cells in units, [block][slice][row][col]. */
function* programCells(
  levels: Int16Array,
  plan: MvmPlan,
  cells: CellProgram,
  key: StreamKey,
): Generator<void, Int32Array> {
  const g = new Int32Array(levels.length);
  const streams = cellKeys(cells, key);
  for (const { block, slice, start } of arraysOf(plan)) {
    const array = block * plan.slices + slice;
    const there = levels.subarray(start, start + filledRows(plan, block) * plan.spec.cols);
    g.set(programArray(cells, there, arrayCellKeys(streams, array)), start);
    yield;
  }
  return g;
}

/**
 * What acts on arrays rather than on cells: what acts on all cells of one (IR drop), slices that are merged, per-read noise, the
 * reference column, ADC gain and offset.
 */
export const finishProgram = (programmed: Programmed, g: Int32Array): ProgrammedMatrix =>
  finished(finishing(programmed, g));

function* finishing(
  { weights, plan, effects, cells, key }: Programmed,
  cellsG: Int32Array,
): Generator<void, ProgrammedMatrix> {
  const programmed = cellPlan(plan);
  const levels = referenceLevels(programmed, effects);
  const ofCells =
    levels === undefined
      ? undefined
      : physicalColumns(programmed, arrayCols(plan), referenceCells(programmed, levels, cells, key));
  for (const effect of ofKind(effects, 'wholeArray'))
    yield* applyToArrays(cellsG, plan, cells, { effect, columns: ofCells });
  const merge = plan.spec.merge ? merger(plan, programmed, effects, key) : undefined;
  const { g, norms } = merge?.(cellsG, plan.spec.cols, 'weights') ?? { g: cellsG, norms: cellsG };
  const columns = ofCells && (merge === undefined ? ofCells : mergedReferences(plan, ofCells, merge));
  const together =
    columns !== undefined && readsReference(plan) ? withReference(norms, plan, columns) : norms;
  const noise = columnNoise(effects, together, columnShape(plan));
  if (columns !== undefined) subtractReference(g, plan, columns);
  const { offsets, gains } = converters(plan, effects, key);
  if (gains !== undefined) applyGains(g, plan, gains);
  checkSums(magnitudes(g, plan), offsets, noise, plan);
  const inl = bowOf(plan, effects);
  const ideal = isIdeal(plan, effects) ? Int16Array.from(weights) : undefined;
  return { plan, g, offsets, noise, inl, ideal };
}

/** Columns of weights of one physical array. */
const arrayCols = ({ spec }: MvmPlan): number => Math.min(spec.cols, spec.arrayCols ?? spec.cols);

/**
 * What acts on whole arrays: row blocks that are read one after another stand above each other in one, slices that are merged
 * beside each other. A reference column stands in the middle of its array, where the wires are those of the mean column.
 */
function* applyToArrays(
  g: Int32Array,
  plan: MvmPlan,
  { unitsOn }: CellProgram,
  { effect, columns }: { effect: Effect<'wholeArray'>; columns: ReferenceColumns | undefined },
): Generator<void, void> {
  const { arrayRows, lineRows = arrayRows, cols } = plan.spec;
  const width = arrayCols(plan);
  const beside = Math.ceil(cols / width);
  const above = Math.ceil(lineRows / arrayRows);
  const rows = above * arrayRows;
  const activity = activityOf(plan, rows);
  const { cellsPerWeight } = plan;
  const merged = cellsPerWeight / plan.slices;
  for (const { block, slice } of arraysOf(plan)) {
    if (block % above !== 0) continue;
    // Rows of the array that hold a part of the matrix; behind them there are no cells.
    const filled = Math.min(rows, (plan.blocks - block) * arrayRows);
    for (let i = 0; i < beside; i++) {
      const first = i * width;
      const weights = Math.min(width, cols - first);
      const middle = columns === undefined ? -1 : weights >> 1;
      const all = merged * (columns === undefined ? weights : weights + 1);
      const array = new Float64Array(rows * all);
      // Where each cell is in `g`, or the complement of where it is among the references. Blocks of a slice are as many blocks
      // of cells apart as a weight has.
      const places = new Int32Array(filled * all);
      for (let row = 0, at = 0; row < filled; row++) {
        const blockOfRow = (block + Math.floor(row / arrayRows)) * cellsPerWeight + slice * merged;
        const inBlock = row % arrayRows;
        for (let weight = 0; weight * merged < all; weight++) {
          const inRow = first + (columns === undefined || weight < middle ? weight : weight - 1);
          for (let of = blockOfRow; of < blockOfRow + merged; of++, at++)
            places[at] =
              weight === middle
                ? ~((of * beside + i) * arrayRows + inBlock)
                : (of * arrayRows + inBlock) * cols + inRow;
        }
      }
      for (let at = 0; at < places.length; at++)
        array[at] = places[at] < 0 ? columns!.g[~places[at]] : g[places[at]];
      effect.apply(array, rows, all, unitsOn, activity);
      for (let at = 0; at < places.length; at++) {
        if (places[at] < 0) columns!.g[~places[at]] = Math.round(array[at]);
        else g[places[at]] = Math.round(array[at]);
      }
      yield;
    }
  }
}

/** Of the other rows of a whole array: those of other blocks are never driven together with a row. */
const activityOf = ({ spec: { arrayRows, activity = HALF_ACTIVE } }: MvmPlan, rows: number): number =>
  rows === arrayRows ? activity : (activity * (arrayRows - 1)) / (rows - 1);

/** Gain is linear in the column sum, so it goes into the cells of the columns. */
function applyGains(g: Int32Array, plan: MvmPlan, gains: Float64Array): void {
  const { cols } = plan.spec;
  forEachArray(plan, (block, slice, start, size) => {
    const first = (block * plan.slices + slice) * cols;
    for (let i = 0; i < size; i++) g[start + i] = Math.round(g[start + i] * gains[first + (i % cols)]);
  });
}

/** Sums of the magnitudes of all columns, [array][col]. */
function magnitudes(g: Int32Array, plan: MvmPlan): Float64Array {
  const { cols } = plan.spec;
  const sums = new Float64Array(plan.blocks * plan.slices * cols);
  forEachArray(plan, (block, slice, start, size) => {
    const first = (block * plan.slices + slice) * cols;
    for (let i = 0; i < size; i++) sums[first + (i % cols)] += Math.abs(g[start + i]);
  });
  return sums;
}
