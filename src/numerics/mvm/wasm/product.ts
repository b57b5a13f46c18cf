/** The short way for an ideal matrix: without noise and with a lossless ADC, the bits of the crossbars are those of the integer product. */

import type { MvmInput } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import { BLOCK_COLS } from './block.ts';
import type { Host } from './host.ts';
import type { LoadedWeights, WasmMatrix } from './matrix.ts';
import { PAIR_BYTES, productKernel } from './product-kernel.ts';

/** Lays out the weights [row][col] of an ideal matrix: [block of columns][row pair][16 columns] int16 pairs. */
export function loadProduct(host: Host, { spec }: MvmPlan, weights: Int16Array): LoadedWeights {
  const { rows, cols } = spec;
  const rowPairs = Math.ceil(rows / 2);
  const bytes = Math.ceil(cols / BLOCK_COLS) * rowPairs * PAIR_BYTES;
  const { arena, at } = host.place(bytes);
  const words = new Int16Array(arena.memory.buffer, at, bytes / 2);
  // The place of a row that is not there must be 0; that of a column may be anything.
  if (rows % 2 === 1) words.fill(0);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const pair = Math.floor(col / BLOCK_COLS) * rowPairs + (row >> 1);
      words[(pair * BLOCK_COLS + (col % BLOCK_COLS)) * 2 + (row & 1)] = weights[row * cols + col];
    }
  }
  return { arena, at, bytes };
}

/** Inputs [token][row] times the weights, [token][col]. Runs on the calling thread. */
export function integerProduct(host: Host, matrix: WasmMatrix, x: MvmInput, tokens: number): Int32Array {
  const { rows, cols } = matrix.plan.spec;
  const { arena, at } = matrix.product();
  const { kernel } = host.kernel(arena, 'product', null, () => [{ name: 'product', build: productKernel() }]);
  const rowPairs = Math.ceil(rows / 2);
  const blocks = Math.ceil(cols / BLOCK_COLS);
  const tokenPairs = Math.ceil(tokens / 2);
  const width = rowPairs * 2;
  const outStride = blocks * BLOCK_COLS * 4;
  const inputBytes = Math.ceil((tokenPairs * width * 4) / 64) * 64;
  const bytes = inputBytes + tokenPairs * 2 * outStride;
  const inputsAt = arena.take(bytes);
  const outAt = inputsAt + inputBytes;
  const { buffer } = arena.memory;
  const inputs = new Int16Array(buffer, inputsAt, tokenPairs * 2 * width);
  if (rows % 2 === 1) inputs.fill(0);
  for (let token = 0; token < tokens; token++)
    inputs.set(x.subarray(token * rows, token * rows + rows), token * width);
  for (let block = 0; block < blocks; block++) {
    const out = outAt + block * BLOCK_COLS * 4;
    kernel.product(inputsAt, at + block * rowPairs * PAIR_BYTES, out, outStride, tokenPairs, rowPairs);
  }
  const y = new Int32Array(tokens * cols);
  const sums = new Int32Array(buffer, outAt, (tokens * outStride) / 4);
  for (let token = 0; token < tokens; token++) {
    const start = (token * outStride) / 4;
    y.set(sums.subarray(start, start + cols), token * cols);
  }
  arena.free(inputsAt, bytes);
  return y;
}
