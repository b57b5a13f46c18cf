/** Sizes that the kernels and what feeds them agree on, and where a matrix lies. */

/** Columns of one block: four vectors of int32, two of int16. */
export const BLOCK_COLS = 16;
/** Seven round keys. */
export const KEY_WORDS = 7;
export const KEY_BYTES = KEY_WORDS * 4;

/**
 * Where the matrix lies in memory, in bytes. Everything is padded to whole row groups and blocks of 16 columns; cells lie
 * as [array][block of columns][row][16].
 */
export interface MatrixLayout {
  readonly blocks: number;
  readonly slices: number;
  readonly paddedRows: number;
  readonly paddedCols: number;
  readonly cellBytes: 2 | 4;
  readonly noiseTable: number;
  readonly cells: number;
  /** 0 without a table of squares. */
  readonly squares: number;
  readonly offsets: number;
}

/** Sums of magnitudes of one array and block of columns: see `FinishTask`. */
export const SUM_BYTES = 4 * BLOCK_COLS * 4;

/** Bytes of the sums of magnitudes of a matrix. */
export const sumsBytes = ({ blocks, slices, paddedCols }: MatrixLayout): number =>
  ((blocks * slices * paddedCols) / BLOCK_COLS) * SUM_BYTES;
