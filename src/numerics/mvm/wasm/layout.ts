/** Puts a programmed matrix into the memory of the kernels. */

import { largest } from '../../../base/extremes.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import type { MvmPlan } from '../spec.ts';
import { BLOCK_COLS, type MatrixLayout } from './block.ts';
import { rowGroups } from './shape.ts';
import type { Converted, SumMode } from './value-bounds.ts';

/** Sums of magnitudes are measured over this many rows. */
const ROW_UNIT = 32;

/** Layout from `start` on, and the bytes it takes. */
export function layoutOf(
  plan: MvmPlan,
  cellBytes: 2 | 4,
  squares: boolean,
  noiseEntries: number,
  start: number,
): { layout: MatrixLayout; bytes: number } {
  const { blocks, slices, spec } = plan;
  const rows = largest(([4, 8] as const).map(bits => rowGroups(spec.arrayRows, bits).groups * bits));
  const paddedRows = Math.ceil(rows / ROW_UNIT) * ROW_UNIT;
  const paddedCols = Math.ceil(spec.cols / BLOCK_COLS) * BLOCK_COLS;
  const cells = blocks * slices * paddedRows * paddedCols;
  let end = start;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const layout = {
    blocks,
    slices,
    paddedRows,
    paddedCols,
    cellBytes,
    cells: take(cells * cellBytes),
    squares: squares ? take(cells * 2) : 0,
    offsets: take(blocks * slices * paddedCols * 4),
    noiseTable: take(noiseEntries * 4),
  };
  return { layout, bytes: end - start };
}

type Memory = ArrayBuffer | SharedArrayBuffer;

/** Copies conductances, and squares where there are some. Places without a cell become 0. */
export function writeCells(memory: Memory, { plan, g, noise }: ProgrammedMatrix, layout: MatrixLayout): void {
  const { arrayRows, cols } = plan.spec;
  const copy = (from: Int32Array | Uint16Array, to: Int16Array | Int32Array | Uint16Array): void => {
    if (layout.paddedRows > arrayRows) to.fill(0);
    for (let array = 0; array < layout.blocks * layout.slices; array++) {
      for (let row = 0; row < arrayRows; row++) {
        const start = (array * arrayRows + row) * cols;
        for (let col = 0; col < cols; col += BLOCK_COLS) {
          const at = (array * layout.paddedCols + col) * layout.paddedRows + row * BLOCK_COLS;
          const width = Math.min(BLOCK_COLS, cols - col);
          for (let i = 0; i < width; i++) to[at + i] = from[start + col + i];
        }
      }
    }
  };
  const count = cellCount(layout);
  copy(g, integers(memory, layout.cells, count, layout.cellBytes));
  if (noise.kind === 'cells') copy(noise.squares, new Uint16Array(memory, layout.squares, count));
}

/** Places for cells, padding included. */
export const cellCount = ({ blocks, slices, paddedRows, paddedCols }: MatrixLayout): number =>
  blocks * slices * paddedRows * paddedCols;

/** Copies offsets and the noise table, in the bits in which the kernel adds them. */
export function writeStart(
  memory: Memory,
  { plan: { spec }, offsets, noise }: Converted,
  layout: MatrixLayout,
  { rows }: SumMode,
): void {
  const { blocks, slices, paddedCols } = layout;
  const { cols, strip } = spec;
  const arrays = blocks * slices;
  const to = integers(memory, layout.offsets, arrays * paddedCols, rows === 'all' ? 2 : 4);
  for (let array = 0; array < arrays; array++) {
    to.fill(0, array * paddedCols, (array + 1) * paddedCols);
    to.set(offsets.subarray(array * cols, array * cols + cols), array * paddedCols);
  }
  if (noise.kind === 'none') return;
  const { table } = noise;
  integers(memory, layout.noiseTable, table.length, rows !== 0 && strip !== 1 ? 2 : 4).set(table);
}

const integers = (memory: Memory, at: number, count: number, bytes: 2 | 4): Int16Array | Int32Array =>
  bytes === 2 ? new Int16Array(memory, at, count) : new Int32Array(memory, at, count);
