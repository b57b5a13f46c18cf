/** Programs a weight matrix into crossbars: levels, cells with their variation, then what acts on whole arrays. */
import type { StreamKey } from '../../base/random.ts';
import { inlTerm } from '../noise/adc-error.ts';
import { arrayCellKeys, type CellProgram, cellKeys, programCell } from '../noise/cell-program.ts';
import { columnNoise } from '../noise/column-noise.ts';
import { applyIrDrop } from '../noise/ir-drop.ts';
import type { NoiseModel } from '../noise/model.ts';
import {
  checkSums,
  columnShape,
  converters,
  forEachArray,
  isIdeal,
  planCells,
  referenceCells,
} from './arrays.ts';
import { cellLevels, EMPTY } from './levels.ts';
import type { ProgrammedMatrix } from './programmed-matrix.ts';
import { type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

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
  const cells = planCells(plan, noise);
  return finishProgram(weights, plan, noise, key, programCells(levels, plan, cells, key));
}

/** Conductances of all cells in units, [block][slice][row][col]. */
export function programCells(
  levels: Int16Array,
  plan: MvmPlan,
  cells: CellProgram,
  key: StreamKey,
): Int32Array {
  const g = new Int32Array(levels.length);
  const stages = cellKeys(key);
  forEachArray(plan, (block, slice, start, size) => {
    const keys = arrayCellKeys(stages, block * plan.slices + slice);
    for (let i = 0; i < size; i++) {
      const level = levels[start + i];
      if (level !== EMPTY) g[start + i] = programCell(cells, level, keys, i);
    }
  });
  return g;
}

/** What acts on arrays rather than on cells: IR drop, per-read noise, the reference column, ADC gain and offset. */
export function finishProgram(
  weights: ArrayLike<number>,
  plan: MvmPlan,
  noise: NoiseModel,
  key: StreamKey,
  g: Int32Array,
): ProgrammedMatrix {
  if (noise.irDrop !== undefined) dropVoltages(g, plan, noise);
  const column = columnNoise(noise, g, columnShape(plan));
  if (noise.onOff?.reference === 'column') subtractReference(g, plan, referenceCells(plan, noise, key));
  const { offsets, gains } = converters(plan, noise.adc, key);
  if (gains !== undefined) applyGains(g, plan, gains);
  checkSums(magnitudes(g, plan), offsets, column, plan);
  const inl = inlTerm(noise.adc, plan.spec.adc.bits, plan.fracBits);
  return {
    plan,
    g,
    offsets,
    noise: column,
    ...(inl && { inl }),
    ...(isIdeal(plan, noise) && { ideal: Int16Array.from(weights) }),
  };
}

function dropVoltages(g: Int32Array, plan: MvmPlan, noise: NoiseModel): void {
  const { arrayRows, cols } = plan.spec;
  const unitsOn = planCells(plan, noise).levelUnits[plan.maxLevel];
  forEachArray(plan, (_block, _slice, start, size) => {
    const array = Float64Array.from(g.subarray(start, start + size));
    applyIrDrop(array, arrayRows, cols, unitsOn, noise.irDrop!);
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
