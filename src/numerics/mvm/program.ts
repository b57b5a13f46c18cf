/** Programs a weight matrix into crossbars: levels, cells with their variation, then what acts on whole arrays. */
import { TrexError } from '../../errors.ts';
import { type StreamKey, subKey } from '../../random.ts';
import { type AdcError, inlTerm } from '../noise/adc-error.ts';
import { type CellProgram, cellKeys, cellProgram, programCell } from '../noise/cell-program.ts';
import { type ColumnNoise, columnNoise, largestNoise } from '../noise/column-noise.ts';
import { drawZ } from '../noise/gaussian.ts';
import { applyIrDrop } from '../noise/ir-drop.ts';
import type { NoiseModel } from '../noise/model.ts';
import { Z_BITS } from '../noise/normal-table.ts';
import { cellLevels, EMPTY } from './levels.ts';
import type { ProgrammedMatrix } from './programmed-matrix.ts';
import { EXACT, type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

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

/** The cells of a plan under a noise model. */
export const planCells = (plan: MvmPlan, noise: NoiseModel): CellProgram =>
  cellProgram(noise, plan.maxLevel, levelStep(plan));

/** Units of one cell level. */
const levelStep = ({ fracBits, steps, levels }: MvmPlan): number => (2 ** fracBits * steps) / levels;

/** Conductances of all cells in units, [block][slice][row][col]. */
export function programCells(
  levels: Int16Array,
  plan: MvmPlan,
  cells: CellProgram,
  key: StreamKey,
): Int32Array {
  const g = new Int32Array(levels.length);
  forEachArray(plan, (block, slice, start, size) => {
    const keys = cellKeys(key, block, slice);
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
  const { arrayRows, cols, adc } = plan.spec;
  if (noise.irDrop !== undefined) dropVoltages(g, plan, noise);
  const { maxLevel } = plan;
  const arrays = plan.blocks * plan.slices;
  const shape = {
    arrays,
    rows: arrayRows,
    cols,
    levelStep: levelStep(plan),
    adcStep: 2 ** plan.fracBits,
    maxLevel,
  };
  const column = columnNoise(noise, g, { ...shape, adcBits: adc.bits });
  if (noise.onOff?.reference === 'column') subtractReference(g, plan, noise, key);
  const inl = inlTerm(noise.adc, adc.bits, plan.fracBits);
  const offsets = new Int32Array(arrays * cols).fill(2 ** (plan.fracBits - 1));
  if (noise.adc !== undefined) applyConverters(g, offsets, plan, noise.adc, key);
  checkSums(g, offsets, column, plan);
  const ideal = plan.lossless && Object.values(noise).every(term => term === undefined);
  return {
    plan,
    g,
    offsets,
    noise: column,
    ...(inl && { inl }),
    ...(ideal && { ideal: Int16Array.from(weights) }),
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

/** Subtracts from every column a column of cells at level 0, with the frozen variation of its own cells. */
function subtractReference(g: Int32Array, plan: MvmPlan, noise: NoiseModel, key: StreamKey): void {
  const { rows, arrayRows, cols } = plan.spec;
  // A reference cell that is stuck would be replaced at test.
  const { stuck: _, ...cells } = planCells(plan, noise);
  forEachArray(plan, (block, slice, start) => {
    const keys = cellKeys(key, 'reference', block, slice);
    for (let row = 0; row < Math.min(arrayRows, rows - block * arrayRows); row++) {
      const reference = programCell(cells, 0, keys, row);
      for (let col = 0; col < cols; col++) g[start + row * cols + col] -= reference;
    }
  });
}

/** Gain is linear in the column sum, so it goes into the cells of the columns; offset goes beside the rounding term. */
function applyConverters(
  g: Int32Array,
  offsets: Int32Array,
  plan: MvmPlan,
  error: AdcError,
  key: StreamKey,
): void {
  const { cols } = plan.spec;
  forEachArray(plan, (block, slice, start, size) => {
    const gains = subKey(key, 'adc-gain', block, slice);
    const shifts = subKey(key, 'adc-offset', block, slice);
    for (let col = 0; col < cols; col++) {
      const converter = Math.floor(col / error.columns);
      const gain = 1 + (error.gain * drawZ(gains, converter)) / 2 ** Z_BITS;
      const offset = (error.offset_LSB * drawZ(shifts, converter)) / 2 ** Z_BITS;
      if (error.gain > 0)
        for (let i = col; i < size; i += cols) g[start + i] = Math.round(g[start + i] * gain);
      offsets[(block * plan.slices + slice) * cols + col] += Math.round(offset * 2 ** plan.fracBits);
    }
  });
}

/** Every value on the way to a code must be exact in float32. */
function checkSums(g: Int32Array, offsets: Int32Array, noise: ColumnNoise, plan: MvmPlan): void {
  const { arrayRows, cols } = plan.spec;
  const spread = largestNoise(noise);
  const sums = new Float64Array(cols);
  let largest = 0;
  forEachArray(plan, (block, slice, start) => {
    sums.fill(0);
    for (let row = 0, i = start; row < arrayRows; row++) {
      for (let col = 0; col < cols; col++, i++) sums[col] += Math.abs(g[i]);
    }
    const first = (block * plan.slices + slice) * cols;
    for (let col = 0; col < cols; col++) {
      largest = Math.max(largest, sums[col] + Math.abs(offsets[first + col]) + spread);
    }
  });
  // The INL term adds less than four ADC steps.
  largest += 4 * 2 ** plan.fracBits;
  if (largest < EXACT) return;
  const fit = plan.fracBits - Math.floor(Math.log2(largest / EXACT)) - 1;
  throw new TrexError(
    fit >= 1
      ? `column sums with this noise overflow 24 bits: the largest fracBits that fits is ${fit}, the spec has ${plan.fracBits}`
      : 'column sums with this noise overflow 24 bits: use fewer rows per array',
  );
}

/** Visits every array with the index of its first cell and its number of cells. */
function forEachArray(
  { blocks, slices, spec }: MvmPlan,
  visit: (block: number, slice: number, start: number, size: number) => void,
): void {
  const size = spec.arrayRows * spec.cols;
  for (let block = 0; block < blocks; block++) {
    for (let slice = 0; slice < slices; slice++) visit(block, slice, (block * slices + slice) * size, size);
  }
}
