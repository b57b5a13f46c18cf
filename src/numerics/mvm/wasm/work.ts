/** The work of one thread: takes blocks of columns from a shared counter until none is left. Runs in every thread alike. */
import { BLOCK_COLS, type KernelShape, recordBytes, tableBytes } from './shape.ts';

/**
 * Where the matrix lies in memory, in bytes. Everything is padded to whole row groups and blocks of 16 columns; cells lie
 * as [array][block of columns][row][16].
 */
export interface MatrixLayout {
  readonly blocks: number;
  readonly slices: number;
  readonly paddedRows: number;
  readonly paddedCols: number;
  readonly noiseTable: number;
  readonly g: number;
  /** 0 without a table of squares. */
  readonly squares: number;
  readonly offsets: number;
  /** Tables and scratch of thread i start at threads + i * threadBytes. */
  readonly threads: number;
  readonly threadBytes: number;
}

/** One pass over some tokens. */
export interface Job {
  readonly layout: MatrixLayout;
  readonly shape: KernelShape;
  readonly tokens: number;
  /** Counter of the first token's first strip. */
  readonly counter: number;
  readonly keys: number;
  readonly records: number;
  readonly out: number;
}

/** What a kernel module exports. */
export interface Kernel {
  readonly build: (rows: number, table: number, groups: number) => void;
  readonly buildSquares: (rows: number, table: number, groups: number) => void;
  readonly sums: (...args: number[]) => void;
}

/** Bytes at the start of memory: the number of the next work item. */
export const CONTROL_BYTES = 64;
export const SCRATCH_BYTES = 128;
const KEY_BYTES = 28;

/** One work item is a slice of a block of columns; results do not depend on who takes which. */
export function work(
  kernel: Kernel,
  job: Job,
  thread: number,
  memory: ArrayBuffer | SharedArrayBuffer,
): void {
  const { layout } = job;
  const next = new Int32Array(memory, 0, 1);
  const items = (layout.paddedCols / BLOCK_COLS) * layout.slices;
  for (let item = Atomics.add(next, 0, 1); item < items; item = Atomics.add(next, 0, 1)) {
    columnBlock(kernel, job, Math.floor(item / layout.slices), item % layout.slices, thread);
  }
}

/** All row blocks of one slice of 16 columns: the tables, then every token. */
function columnBlock(kernel: Kernel, job: Job, block: number, slice: number, thread: number): void {
  const { layout, shape, tokens } = job;
  const stride = layout.paddedCols * 4;
  const table = layout.threads + thread * layout.threadBytes;
  const scratch = table + layout.threadBytes - SCRATCH_BYTES;
  const column = block * BLOCK_COLS;
  const strip = Math.floor(column / shape.strip);
  const first = shape.strip === 1 ? column : strip;
  const window = shape.strip === 1 ? 0 : column - strip * shape.strip;
  for (let t = 0; t < layout.blocks; t++) {
    const array = t * layout.slices + slice;
    const cells = (array * layout.paddedCols + column) * layout.paddedRows;
    kernel.build(layout.g + cells * 4, table, shape.groups);
    if (layout.squares > 0) {
      kernel.buildSquares(layout.squares + cells * 2, table + tableBytes(shape), shape.groups);
    }
    kernel.sums(
      table,
      job.records + t * tokens * shape.planes * recordBytes(shape),
      job.out + slice * tokens * stride + column * 4,
      stride,
      tokens,
      layout.offsets + array * stride + column * 4,
      job.counter + first,
      job.keys + array * KEY_BYTES,
      layout.noiseTable + window * 4,
      scratch,
    );
  }
}
