/** How often an ADC clips: conversions whose column sum lies outside its codes, counted in plain loops before any read noise. */
import { finished } from '../base/turn.ts';
import type { MvmInput } from '../numerics/mvm/backend.ts';
import type { ProgrammedMatrix } from '../numerics/mvm/programmed-matrix.ts';

export interface Clipping {
  readonly conversions: number;
  /** Sums beyond the highest code, and below code 0. */
  readonly above: number;
  readonly below: number;
}

/** Counts over `tokens` inputs [token][row]. */
export const countClipping = (matrix: ProgrammedMatrix, x: MvmInput, tokens: number): Clipping =>
  finished(countingClipping(matrix, x, tokens));

/** The same, row block by row block. */
export function* countingClipping(
  { plan, g, offsets }: ProgrammedMatrix,
  x: MvmInput,
  tokens: number,
): Generator<void, Clipping> {
  const { blocks, slices, fracBits, maxCode, planes, spec } = plan;
  const { rows, cols, arrayRows } = spec;
  const end = (maxCode + 1) * 2 ** fracBits;
  const sums = new Int32Array(cols);
  let [above, below] = [0, 0];
  for (let token = 0; token < tokens; token++)
    for (let block = 0; block < blocks; block++) {
      yield;
      for (const { shift, bits } of planes)
        for (let slice = 0; slice < slices; slice++) {
          const array = block * slices + slice;
          sums.set(offsets.subarray(array * cols, (array + 1) * cols));
          for (let row = 0; row < Math.min(arrayRows, rows - block * arrayRows); row++) {
            const digit = (x[token * rows + block * arrayRows + row] >> shift) & (2 ** bits - 1);
            if (digit === 0) continue;
            const at = (array * arrayRows + row) * cols;
            for (let col = 0; col < cols; col++) sums[col] += digit * g[at + col];
          }
          for (const sum of sums) {
            if (sum < 0) below++;
            else if (sum >= end) above++;
          }
        }
    }
  return { conversions: tokens * blocks * planes.length * slices * cols, above, below };
}
