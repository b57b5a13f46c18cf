/** Packs inputs for the table kernels: per row block, token and plane, where each row group's sum stands in its table. */
import type { MvmInput } from '../backend.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import { type KernelShape, mantissaAt, recordBytes } from './shape.ts';

/** An entry has 64 bytes. */
const ENTRY_SHIFT = 6;

/**
 * Writes the records [block][token][plane] of `tokens` tokens, `x` [token][row] starting at `first`. `at` is their
 * address in `memory`, which is zero there.
 */
export function packRecords(
  memory: ArrayBuffer | SharedArrayBuffer,
  at: number,
  matrix: ProgrammedMatrix,
  shape: KernelShape,
  x: MvmInput,
  first: number,
  tokens: number,
): void {
  const { blocks, spec } = matrix.plan;
  const { rows, arrayRows, inputBits } = spec;
  const step = recordBytes(shape) / 2;
  const size = (blocks * tokens * inputBits * recordBytes(shape)) / 2;
  const out = new Uint16Array(memory, at, size).fill(0);
  const planes = new Uint8Array(8);
  const active = new Int32Array(8);
  for (let block = 0; block < blocks; block++) {
    const firstRow = block * arrayRows;
    const lastRow = Math.min(rows, firstRow + arrayRows);
    for (let token = 0; token < tokens; token++) {
      const record = (block * tokens + token) * inputBits * step;
      const row0 = (first + token) * rows;
      active.fill(0);
      for (let row = firstRow, group = 0; row < lastRow; row += 8, group++) {
        transpose(x, row0 + row, Math.min(8, lastRow - row), planes);
        for (let plane = 0; plane < inputBits; plane++) {
          const bits = planes[plane];
          const to = record + plane * step;
          if (shape.groupBits === 8) out[to + group] = bits << ENTRY_SHIFT;
          else {
            out[to + 2 * group] = (bits & 15) << ENTRY_SHIFT;
            out[to + 2 * group + 1] = (bits >> 4) << ENTRY_SHIFT;
          }
          active[plane] += ONES[bits];
        }
      }
      if (matrix.noise.kind !== 'active') continue;
      for (let plane = 0; plane < inputBits; plane++) {
        out[record + plane * step + mantissaAt(shape) / 2] = matrix.noise.mantissas[active[plane]];
      }
    }
  }
}

/** Bit r of planes[b] = bit b of x[at + r]: an 8 x 8 bit transpose by delta swaps (Warren, Hacker's Delight, 7-3). */
function transpose(x: MvmInput, at: number, rows: number, planes: Uint8Array): void {
  let low = 0;
  let high = 0;
  if (rows === 8) {
    low = (x[at] & 255) | ((x[at + 1] & 255) << 8) | ((x[at + 2] & 255) << 16) | (x[at + 3] << 24);
    high = (x[at + 4] & 255) | ((x[at + 5] & 255) << 8) | ((x[at + 6] & 255) << 16) | (x[at + 7] << 24);
  } else {
    for (let row = 0; row < rows; row++) {
      if (row < 4) low |= (x[at + row] & 255) << (8 * row);
      else high |= (x[at + row] & 255) << (8 * (row - 4));
    }
  }
  low = swap(swap(low, 7, 0x00aa00aa), 14, 0x0000cccc);
  high = swap(swap(high, 7, 0x00aa00aa), 14, 0x0000cccc);
  const t = (low ^ (high << 4)) & 0xf0f0f0f0;
  low ^= t;
  high ^= t >>> 4;
  for (let plane = 0; plane < 4; plane++) {
    planes[plane] = low >>> (8 * plane);
    planes[plane + 4] = high >>> (8 * plane);
  }
}

function swap(word: number, shift: number, mask: number): number {
  const t = (word ^ (word >>> shift)) & mask;
  return word ^ t ^ (t << shift);
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) ones++;
  return ones;
});
