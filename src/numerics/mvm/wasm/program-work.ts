/** Programming as work items: one row block of 16 columns, all slices. */
import type { WeightSlice } from '../../../tech/weight-encoding.ts';
import { BLOCK_COLS, type MatrixLayout, SUM_BYTES } from './block.ts';
import type { Kernel } from './kernel.ts';

/** Which cells are programmed, and what is measured of them. */
export interface ProgramTask {
  readonly kind: 'program';
  readonly layout: MatrixLayout;
  readonly rows: number;
  readonly arrayRows: number;
  readonly cols: number;
  /** Cells from weights; absent: they are there already. */
  readonly cells?: CellTask;
  /** Address of the sums of squares [array][paddedCols], int64; 0: not asked for. */
  readonly squareSums: number;
  /** Reference column, squares and sums of magnitudes; absent: later. */
  readonly finish?: FinishTask;
}

export interface CellTask {
  /** int16 [row][paddedCols]. */
  readonly weights: number;
  /** Round keys of the steps, int32 [block][slice][step][7], and the bytes of one array's. */
  readonly keys: number;
  readonly keyBytes: number;
  /** See `ProgramTables`. */
  readonly tables: number;
  readonly slices: readonly WeightSlice[];
}

interface FinishTask {
  /** int32 [block][slice][paddedRows]: taken off every cell of a row; 0: nothing is. */
  readonly reference: number;
  /** Sums of magnitudes: int32 [array][block of columns][all, of 32 rows, of 16 rows, below zero][16]. */
  readonly sums: number;
}

export function programBlock(kernel: Kernel, task: ProgramTask, column: number, block: number): void {
  const { layout, arrayRows, cols, cells, finish } = task;
  const { slices, paddedCols, paddedRows } = layout;
  const rows = Math.min(arrayRows, task.rows - block * arrayRows);
  for (let slice = 0; slice < slices; slice++) {
    const array = block * slices + slice;
    const first = (array * paddedCols + column) * paddedRows;
    const at = layout.cells + first * 2;
    if (cells !== undefined) {
      const { shift, sign } = cells.slices[slice];
      kernel.program(
        cells.weights + (block * arrayRows * paddedCols + column) * 2,
        paddedCols * 2,
        at,
        rows,
        column,
        cols,
        shift,
        sign,
        cells.keys + array * cells.keyBytes,
        cells.tables,
      );
    }
    if (task.squareSums > 0)
      kernel.squareSums(at, paddedRows, task.squareSums + (array * paddedCols + column) * 8);
    if (finish === undefined) continue;
    kernel.finish(
      at,
      paddedRows,
      finish.reference === 0 ? 0 : finish.reference + array * paddedRows * 4,
      layout.squares + first * 2,
      finish.sums + ((array * paddedCols) / BLOCK_COLS + column / BLOCK_COLS) * SUM_BYTES,
    );
  }
}
