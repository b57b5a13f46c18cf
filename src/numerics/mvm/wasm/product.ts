/** The short way for an ideal matrix: without noise and with a lossless ADC, the bits of the crossbars are those of the integer product. */
import type { MvmInput } from '../backend.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import { MAX_PAGES } from './compile.ts';
import { PAGE_BYTES, type WasmMemory, wasmEngine } from './engine.ts';
import { PAIR_BYTES, productBytes } from './product-kernel.ts';
import { BLOCK_COLS } from './shape.ts';

/** Multiplies inputs [token][row] by the weights it was made for; result [token][col]. */
export type IntegerProduct = (x: MvmInput, tokens: number) => Int32Array;

/** Lays out the weights of an ideal matrix in a memory of their own. Runs on the calling thread. */
export function integerProduct({ ideal, plan }: ProgrammedMatrix): IntegerProduct {
  const { rows, cols } = plan.spec;
  const engine = wasmEngine()!;
  const rowPairs = Math.ceil(rows / 2);
  const blocks = Math.ceil(cols / BLOCK_COLS);
  const inputsAt = blocks * rowPairs * PAIR_BYTES;
  const initial = Math.ceil(inputsAt / PAGE_BYTES);
  const memory: WasmMemory = new engine.Memory({ initial, maximum: MAX_PAGES, shared: false });
  const words = new Int16Array(memory.buffer);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const pair = Math.floor(col / BLOCK_COLS) * rowPairs + (row >> 1);
      words[(pair * BLOCK_COLS + (col % BLOCK_COLS)) * 2 + (row & 1)] = ideal![row * cols + col];
    }
  }
  const module = new engine.Module(productBytes(false, MAX_PAGES));
  const { exports } = new engine.Instance(module, { env: { memory } });
  return (x, tokens) => {
    const tokenPairs = Math.ceil(tokens / 2);
    const width = rowPairs * 2;
    const outAt = inputsAt + Math.ceil((tokenPairs * width * 4) / 64) * 64;
    const outStride = blocks * BLOCK_COLS * 4;
    const missing = outAt + tokenPairs * 2 * outStride - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const inputs = new Int16Array(memory.buffer, inputsAt, tokenPairs * 2 * width);
    for (let token = 0; token < tokens; token++) {
      inputs.set(x.subarray(token * rows, token * rows + rows), token * width);
    }
    for (let block = 0; block < blocks; block++) {
      const out = outAt + block * BLOCK_COLS * 4;
      exports.product(inputsAt, block * rowPairs * PAIR_BYTES, out, outStride, tokenPairs, rowPairs);
    }
    const y = new Int32Array(tokens * cols);
    const sums = new Int32Array(memory.buffer, outAt, (tokens * outStride) / 4);
    for (let token = 0; token < tokens; token++) {
      const start = (token * outStride) / 4;
      y.set(sums.subarray(start, start + cols), token * cols);
    }
    return y;
  };
}
