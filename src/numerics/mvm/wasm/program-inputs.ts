/** What the programming kernels read: weights, round keys, tables of the levels, and the reference column. */
import type { StreamKey } from '../../../base/random.ts';
import { arrayCellKeys, type CellProgram, cellKeys } from '../../noise/cell-program.ts';
import type { NoiseModel } from '../../noise/model.ts';
import { Z_TABLE } from '../../noise/normal-table.ts';
import { forEachArray, referenceCells } from '../arrays.ts';
import type { MvmPlan } from '../spec.ts';
import { programTables } from './program-kernel.ts';
import { type CellTask, sumsBytes } from './program-work.ts';
import type { MatrixLayout } from './work.ts';

const KEY_WORDS = 7;
const STAGES = ['write', 'stuck', 'read'] as const;
/** Places of one matrix: each may waste a cache line. */
const PLACES = 8;

/** Gives out the bytes from `at` on. */
export class Scratch {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  #at: number;

  constructor(buffer: ArrayBuffer | SharedArrayBuffer, at: number) {
    this.buffer = buffer;
    this.#at = at;
  }

  take(bytes: number): number {
    const at = this.#at;
    this.#at += Math.ceil(bytes / 64) * 64;
    return at;
  }

  /** Room for `count` int32. */
  words(count: number): { at: number; words: Int32Array } {
    const at = this.take(count * 4);
    return { at, words: new Int32Array(this.buffer, at, count) };
  }
}

/** Scratch bytes that programming a matrix takes. */
export function scratchBytes(plan: MvmPlan, layout: MatrixLayout): number {
  const { paddedRows, paddedCols } = layout;
  const arrays = plan.blocks * plan.slices;
  const keys = STAGES.length * KEY_WORDS * 4;
  const perArray = keys + paddedRows * 4 + paddedCols * 8;
  const weights = plan.spec.rows * paddedCols * 2;
  const { bytes: tables } = programTables(Z_TABLE.length, plan.maxLevel);
  return sumsBytes(layout) + arrays * perArray + weights + tables + PLACES * 64;
}

/** int32: see `ProgramTables`. */
export function writeTables(scratch: Scratch, cells: CellProgram, maxLevel: number): number {
  const at = programTables(Z_TABLE.length, maxLevel);
  const tables = scratch.words(at.bytes / 4);
  tables.words.set(Z_TABLE, at.normal / 4);
  tables.words.set(cells.levelUnits, at.units / 4);
  if (cells.write) tables.words.set(cells.write.mantissas, at.mantissas / 4);
  return tables.at;
}

export function writeCellTask(
  scratch: Scratch,
  weights: ArrayLike<number>,
  plan: MvmPlan,
  cells: CellProgram,
  key: StreamKey,
  layout: MatrixLayout,
): Omit<CellTask, 'tables'> {
  const { weightOffset, slices, spec } = plan;
  const half = weightOffset > 0 ? slices : slices / 2;
  return {
    keys: writeKeys(scratch, plan, cells, key),
    weights: writeWeights(scratch, weights, plan, layout),
    slices: Array.from({ length: slices }, (_, slice) => ({
      shift: (slice % half) * spec.cellBits,
      sign: slice < half ? 0 : -1,
    })),
  };
}

/** int16 [row][paddedCols]. */
function writeWeights(
  scratch: Scratch,
  weights: ArrayLike<number>,
  { spec }: MvmPlan,
  { paddedCols }: MatrixLayout,
): number {
  const { rows, cols } = spec;
  const at = scratch.take(rows * paddedCols * 2);
  const to = new Int16Array(scratch.buffer, at, rows * paddedCols);
  if (cols === paddedCols) to.set(weights);
  else
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++) to[row * paddedCols + col] = weights[row * cols + col];
  return at;
}

/** Of the stages that draw. */
function writeKeys(scratch: Scratch, plan: MvmPlan, cells: CellProgram, key: StreamKey): number {
  const { at, words } = scratch.words(plan.blocks * plan.slices * STAGES.length * KEY_WORDS);
  const used = STAGES.map(stage => cells[stage] !== undefined);
  if (!used.includes(true)) return at;
  const stages = cellKeys(key);
  forEachArray(plan, (block, slice) => {
    const array = block * plan.slices + slice;
    const keys = arrayCellKeys(stages, array);
    const first = array * STAGES.length;
    for (const [i, stage] of STAGES.entries()) if (used[i]) words.set(keys[stage], (first + i) * KEY_WORDS);
  });
  return at;
}

/** The reference column, [block][slice][paddedRows], or 0 if there is none. */
export function writeReference(
  scratch: Scratch,
  plan: MvmPlan,
  noise: NoiseModel,
  key: StreamKey,
  { paddedRows }: MatrixLayout,
): number {
  if (noise.onOff?.reference !== 'column') return 0;
  const { arrayRows } = plan.spec;
  const arrays = plan.blocks * plan.slices;
  const { at, words } = scratch.words(arrays * paddedRows);
  const reference = referenceCells(plan, noise, key);
  words.fill(0);
  for (let array = 0; array < arrays; array++)
    words.set(reference.subarray(array * arrayRows, (array + 1) * arrayRows), array * paddedRows);
  return at;
}

/** The largest of the sums of squares [array][paddedCols], int64, over the columns that there are. */
export function largestSum(
  buffer: ArrayBuffer | SharedArrayBuffer,
  at: number,
  plan: MvmPlan,
  { paddedCols }: MatrixLayout,
): number {
  const { cols } = plan.spec;
  const arrays = plan.blocks * plan.slices;
  const words = new Uint32Array(buffer, at, arrays * paddedCols * 2);
  let largest = 0;
  for (let array = 0; array < arrays; array++)
    for (let i = array * paddedCols, end = i + cols; i < end; i++)
      largest = Math.max(largest, words[2 * i] + words[2 * i + 1] * 2 ** 32);
  return largest;
}
