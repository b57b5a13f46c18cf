/** Programs a weight matrix into crossbars: levels, cells with their variation, then what acts on whole arrays. */
import type { StreamKey } from '../../base/random.ts';
import { type Effect, ofKind, type TermEffect } from '../../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../../tech/noise-model.ts';
import { arrayCellKeys, type CellProgram, cellKeys, programArray } from '../noise/cell-program.ts';
import { columnNoise } from '../noise/column-noise.ts';
import {
  bowOf,
  checkSums,
  columnShape,
  converters,
  filledRows,
  forEachArray,
  hasReference,
  isIdeal,
  planCells,
  referenceCells,
} from './arrays.ts';
import { cellLevels } from './levels.ts';
import type { ProgrammedMatrix } from './programmed-matrix.ts';
import { HALF_ACTIVE, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

/**
 * Programs integer weights [rows][cols]. The same seed stream gives the same cells, whatever is programmed beside them.
 * Throws a `TrexError` for weights out of range and for conductances whose column sums overflow.
 */
export function program(
  weights: ArrayLike<number>,
  spec: MvmSpec,
  noise: NoiseModel,
  key: StreamKey,
): ProgrammedMatrix {
  const plan = planMvm(spec);
  const levels = cellLevels(weights, plan);
  const effects = noiseEffects(noise, plan.maxLevel);
  const cells = planCells(plan, effects);
  return finishProgram({ weights, plan, effects, cells, key }, programCells(levels, plan, cells, key));
}

/** A matrix whose cells have been programmed. */
export interface Programmed {
  readonly weights: ArrayLike<number>;
  readonly plan: MvmPlan;
  readonly effects: readonly TermEffect[];
  readonly cells: CellProgram;
  readonly key: StreamKey;
}

/** Conductances of all cells in units, [block][slice][row][col]. */
function programCells(levels: Int16Array, plan: MvmPlan, cells: CellProgram, key: StreamKey): Int32Array {
  const g = new Int32Array(levels.length);
  const streams = cellKeys(cells, key);
  forEachArray(plan, (block, slice, start) => {
    const array = block * plan.slices + slice;
    const there = levels.subarray(start, start + filledRows(plan, block) * plan.spec.cols);
    g.set(programArray(cells, there, arrayCellKeys(streams, array)), start);
  });
  return g;
}

/** What acts on arrays rather than on cells: what acts on all cells of one (IR drop), per-read noise, the reference column, ADC gain and offset. */
export function finishProgram(
  { weights, plan, effects, cells, key }: Programmed,
  g: Int32Array,
): ProgrammedMatrix {
  for (const effect of ofKind(effects, 'wholeArray')) applyToArrays(g, plan, cells, effect);
  const noise = columnNoise(effects, g, columnShape(plan));
  if (hasReference(effects)) subtractReference(g, plan, referenceCells(plan, cells, key));
  const { offsets, gains } = converters(plan, effects, key);
  if (gains !== undefined) applyGains(g, plan, gains);
  checkSums(magnitudes(g, plan), offsets, noise, plan);
  const inl = bowOf(plan, effects);
  const ideal = isIdeal(plan, effects) ? Int16Array.from(weights) : undefined;
  return { plan, g, offsets, noise, inl, ideal };
}

function applyToArrays(
  g: Int32Array,
  plan: MvmPlan,
  { unitsOn }: CellProgram,
  effect: Effect<'wholeArray'>,
): void {
  const { arrayRows, cols, activity = HALF_ACTIVE } = plan.spec;
  forEachArray(plan, (_block, _slice, start, size) => {
    const array = Float64Array.from(g.subarray(start, start + size));
    effect.apply(array, arrayRows, cols, unitsOn, activity);
    for (let i = 0; i < size; i++) g[start + i] = Math.round(array[i]);
  });
}

/** Subtracts from every column the reference column of its array; `reference` [array][row]. */
function subtractReference(g: Int32Array, { spec }: MvmPlan, reference: Int32Array): void {
  const { cols } = spec;
  for (let row = 0, i = 0; row < reference.length; row++)
    for (let col = 0; col < cols; col++, i++) g[i] -= reference[row];
}

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
