/** What the programming kernels read: weights, round keys, tables of the levels, and the reference column. */

import type { StreamKey } from '../../../base/random.ts';
import type { ReferenceLevels } from '../../../tech/weight-encoding.ts';
import { arrayCellKeys, type CellProgram, cellKeys } from '../../noise/cell-program.ts';
import { Z_TABLE } from '../../noise/normal-table.ts';
import { forEachArray, referenceCells } from '../arrays.ts';
import type { MvmPlan } from '../spec.ts';
import { KEY_BYTES, KEY_WORDS, type MatrixLayout, sumsBytes } from './block.ts';
import { programTables } from './program-kernel.ts';
import { tableOf } from './program-steps.ts';
import type { CellTask } from './program-work.ts';

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
export function scratchBytes(plan: MvmPlan, cells: CellProgram, layout: MatrixLayout): number {
  const { paddedRows, paddedCols } = layout;
  const arrays = plan.blocks * plan.slices;
  const keys = cells.steps.length * KEY_BYTES;
  const perArray = keys + paddedRows * 4 + paddedCols * 8;
  const weights = plan.spec.rows * paddedCols * 2;
  const { bytes: tables } = programTables(cells, Z_TABLE.length);
  return sumsBytes(layout) + arrays * perArray + weights + tables + PLACES * 64;
}

/** int32: see `ProgramTables`. */
export function writeTables(scratch: Scratch, cells: CellProgram): number {
  const at = programTables(cells, Z_TABLE.length);
  const tables = scratch.words(at.bytes / 4);
  tables.words.set(Z_TABLE, at.normal / 4);
  tables.words.set(cells.levelUnits, at.units / 4);
  for (const [i, step] of cells.steps.entries()) tables.words.set(tableOf(step) ?? [], at.steps[i] / 4);
  return tables.at;
}

/** What the cells of a matrix are made from; `tables` as `writeTables` left them. */
export interface CellInputs {
  readonly weights: ArrayLike<number>;
  readonly plan: MvmPlan;
  readonly cells: CellProgram;
  readonly key: StreamKey;
  readonly layout: MatrixLayout;
  readonly tables: number;
}

export function writeCellTask(
  scratch: Scratch,
  { weights, plan, cells, key, layout, tables }: CellInputs,
): CellTask {
  return {
    keys: writeKeys(scratch, plan, cells, key),
    keyBytes: cells.steps.length * KEY_BYTES,
    weights: writeWeights(scratch, weights, plan, layout),
    slices: plan.weightSlices,
    tables,
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

/** Round keys of the steps, [array][step][7]. */
function writeKeys(scratch: Scratch, plan: MvmPlan, cells: CellProgram, key: StreamKey): number {
  const steps = cells.steps.length;
  const { at, words } = scratch.words(plan.blocks * plan.slices * steps * KEY_WORDS);
  const streams = cellKeys(cells, key);
  forEachArray(plan, (block, slice) => {
    const array = block * plan.slices + slice;
    for (const [i, keys] of arrayCellKeys(streams, array).entries())
      words.set(keys, (array * steps + i) * KEY_WORDS);
  });
  return at;
}

/** The reference column, [block][slice][paddedRows]. */
export function writeReference(
  scratch: Scratch,
  plan: MvmPlan,
  levels: readonly ReferenceLevels[],
  { cells, key }: { readonly cells: CellProgram; readonly key: StreamKey },
  { paddedRows }: MatrixLayout,
): number {
  const { arrayRows } = plan.spec;
  const arrays = plan.blocks * plan.slices;
  const { at, words } = scratch.words(arrays * paddedRows);
  const reference = referenceCells(plan, levels, cells, key);
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
