/** Puts a programmed matrix into the memory of the kernels. */
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import type { WasmMemory } from './engine.ts';
import { PAGE_BYTES } from './engine.ts';
import { BLOCK_COLS, kernelShape, tableBytes } from './shape.ts';
import { CONTROL_BYTES, type MatrixLayout, SCRATCH_BYTES } from './work.ts';

/** Where everything goes, and where the space for runs begins. */
export interface MemoryPlan {
  readonly layout: MatrixLayout;
  readonly runs: number;
}

export function planMemory(matrix: ProgrammedMatrix, threads: number): MemoryPlan {
  const { blocks, slices, spec } = matrix.plan;
  const cells = matrix.noise.kind === 'cells';
  const shapes = [kernelShape(matrix, 8), kernelShape(matrix, 4)];
  const paddedRows = Math.max(...shapes.map(shape => shape.groups * shape.groupBits));
  const paddedCols = Math.ceil(spec.cols / BLOCK_COLS) * BLOCK_COLS;
  const matrixBytes = blocks * slices * paddedRows * paddedCols * 4;
  const tables = Math.max(...shapes.map(tableBytes)) * (cells ? 1.5 : 1);
  let end = CONTROL_BYTES;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const noiseTable = take(matrix.noise.kind === 'none' ? 0 : matrix.noise.table.length * 4);
  const g = take(matrixBytes);
  const squares = cells ? take(matrixBytes / 2) : 0;
  const offsets = take(blocks * slices * paddedCols * 4);
  const threadBytes = tables + SCRATCH_BYTES;
  const layout = {
    blocks,
    slices,
    paddedRows,
    paddedCols,
    noiseTable,
    g,
    squares,
    offsets,
    threads: take(threads * threadBytes),
    threadBytes,
  };
  return { layout, runs: end };
}

/** Copies conductances, squares, offsets and the noise table. */
export function fillMemory(memory: WasmMemory, matrix: ProgrammedMatrix, layout: MatrixLayout): void {
  const { noise, plan } = matrix;
  const { arrayRows, cols } = plan.spec;
  const words = new Int32Array(memory.buffer);
  if (noise.kind !== 'none') words.set(noise.table, layout.noiseTable / 4);
  const arrays = layout.blocks * layout.slices;
  const copyCells = (from: Int32Array | Uint16Array, to: Int32Array | Uint16Array): void => {
    for (let array = 0; array < arrays; array++) {
      for (let row = 0; row < arrayRows; row++) {
        const start = (array * arrayRows + row) * cols;
        for (let col = 0; col < cols; col += BLOCK_COLS) {
          const block = array * layout.paddedCols + col;
          const end = start + Math.min(cols, col + BLOCK_COLS);
          to.set(from.subarray(start + col, end), block * layout.paddedRows + row * BLOCK_COLS);
        }
      }
    }
  };
  copyCells(matrix.g, words.subarray(layout.g / 4));
  if (noise.kind === 'cells') copyCells(noise.squares, new Uint16Array(memory.buffer, layout.squares));
  for (let array = 0; array < arrays; array++) {
    words.set(
      matrix.offsets.subarray(array * cols, array * cols + cols),
      layout.offsets / 4 + array * layout.paddedCols,
    );
  }
}

/** Makes room up to `bytes`. */
export function growTo(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
