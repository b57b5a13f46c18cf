/** The work of one thread: takes items from a shared counter until none is left. Runs in every thread alike; results do not depend on who takes which. */

import { type FloatTask, floatPanel } from '../../kernels/float-product.ts';
import { PANEL } from '../../kernels/float-tile.ts';
import { BLOCK_COLS, KEY_BYTES, type MatrixLayout } from './block.ts';
import type { Kernel } from './kernel.ts';
import { type ProgramTask, programBlock } from './program-work.ts';
import { type KernelShape, recordBytes, shortWindows, squaresAt } from './shape.ts';

/** One pass over some tokens. */
export interface SumTask {
  readonly kind: 'sums';
  readonly layout: MatrixLayout;
  readonly shape: KernelShape;
  readonly tokens: number;
  /** Counter of the first token's first strip. */
  readonly counter: number;
  readonly keys: number;
  readonly records: number;
  readonly out: number;
}

export type { Kernel };

type Task = SumTask | ProgramTask | FloatTask;

/** Tables and scratch of thread i start at `at` + i * `bytes`. */
export interface ThreadTables {
  readonly at: number;
  readonly bytes: number;
}

/** Tasks in one memory, each with the kernel that does it. */
export interface Piece<K> {
  readonly kernel: K;
  readonly task: Task;
}

const SCRATCH_BYTES = 128;

/** Bytes of tables and scratch that a thread needs. */
export const threadBytes = (tables: number): number => Math.ceil(tables / 64) * 64 + SCRATCH_BYTES;

/** What a thread works on. */
export interface Assignment<K> {
  readonly pieces: readonly Piece<K>[];
  readonly tables: ThreadTables;
  /** Address of the number of the next item. */
  readonly counter: number;
}

/** Takes items of all pieces, one piece after the other, but at most so many; whether there are no more. */
export function work(
  { pieces, tables, counter }: Assignment<Kernel>,
  thread: number,
  memory: ArrayBuffer | SharedArrayBuffer,
  most = Number.POSITIVE_INFINITY,
): boolean {
  const next = new Int32Array(memory, counter, 1);
  const table = tables.at + thread * tables.bytes;
  const scratch = table + tables.bytes - SCRATCH_BYTES;
  let [piece, first] = [0, 0];
  for (let done = 0; done < most; done++) {
    const item = Atomics.add(next, 0, 1);
    while (piece < pieces.length && item >= first + itemsOf(pieces[piece].task))
      first += itemsOf(pieces[piece++].task);
    if (piece === pieces.length) return true;
    const { kernel, task } = pieces[piece];
    if (task.kind === 'float') {
      floatPanel(kernel, memory, task, item - first, table);
      continue;
    }
    const parts = partsOf(task);
    const column = Math.floor((item - first) / parts) * BLOCK_COLS;
    const part = (item - first) % parts;
    if (task.kind === 'sums') columnBlock(kernel, task, { column, slice: part, table, scratch });
    else programBlock(kernel, task, column, part);
  }
  return false;
}

/** Items of one block of columns. */
const partsOf = ({ kind, layout }: SumTask | ProgramTask): number =>
  kind === 'sums' ? layout.slices : layout.blocks;
const itemsOf = (task: Task): number =>
  task.kind === 'float' ? Math.ceil(task.n / PANEL) : (task.layout.paddedCols / BLOCK_COLS) * partsOf(task);

/** First column and slice of a work item, and addresses of the thread's tables and scratch. */
interface ColumnPlace {
  readonly column: number;
  readonly slice: number;
  readonly table: number;
  readonly scratch: number;
}

/** All row blocks of one slice of 16 columns: the tables, then every token. */
function columnBlock(kernel: Kernel, task: SumTask, { column, slice, table, scratch }: ColumnPlace): void {
  const { layout, shape, tokens } = task;
  const stride = layout.paddedCols * 4;
  const strip = Math.floor(column / shape.strip);
  const first = shape.strip === 1 ? column : strip;
  const window = shape.strip === 1 ? 0 : column - strip * shape.strip;
  const offsetBytes = shape.whole ? 2 : 4;
  for (let block = 0; block < layout.blocks; block++) {
    const array = block * layout.slices + slice;
    const cells = (array * layout.paddedCols + column) * layout.paddedRows;
    kernel.build(layout.cells + cells * layout.cellBytes, table, shape.groups);
    if (layout.squares > 0)
      kernel.buildSquares(layout.squares + cells * 2, table + squaresAt(shape), shape.groups);
    kernel.sums(
      table,
      task.records + block * tokens * shape.bits * recordBytes(shape),
      task.out + slice * tokens * stride + column * 4,
      stride,
      tokens,
      layout.offsets + (array * layout.paddedCols + column) * offsetBytes,
      task.counter + first,
      task.keys + array * KEY_BYTES,
      layout.noiseTable + window * (shortWindows(shape) ? 2 : 4),
      scratch,
      block === 0 ? 0 : -1,
    );
  }
}
