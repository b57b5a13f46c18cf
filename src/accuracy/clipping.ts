/** How often an ADC clips: conversions whose column sum lies outside its codes, counted in plain loops before any read noise. */
import type { MvmInput } from '../numerics/mvm/backend.ts';
import type { ProgrammedMatrix } from '../numerics/mvm/programmed-matrix.ts';

export interface Clipping {
  readonly conversions: number;
  /** Sums beyond the highest code, and below code 0. */
  readonly above: number;
  readonly below: number;
}

/** Counts over `tokens` inputs [token][row]. */
export function countClipping({ plan, g, offsets }: ProgrammedMatrix, x: MvmInput, tokens: number): Clipping {
  const { blocks, slices, fracBits, maxCode, spec } = plan;
  const { rows, cols, arrayRows, inputBits } = spec;
  const end = (maxCode + 1) * 2 ** fracBits;
  const sums = new Int32Array(cols);
  let [above, below] = [0, 0];
  for (let token = 0; token < tokens; token++)
    for (let block = 0; block < blocks; block++)
      for (let plane = 0; plane < inputBits; plane++)
        for (let slice = 0; slice < slices; slice++) {
          const array = block * slices + slice;
          sums.set(offsets.subarray(array * cols, (array + 1) * cols));
          for (let row = 0; row < Math.min(arrayRows, rows - block * arrayRows); row++) {
            if (((x[token * rows + block * arrayRows + row] >> plane) & 1) === 0) continue;
            const at = (array * arrayRows + row) * cols;
            for (let col = 0; col < cols; col++) sums[col] += g[at + col];
          }
          for (const sum of sums) {
            if (sum < 0) below++;
            else if (sum >= end) above++;
          }
        }
  return { conversions: tokens * blocks * inputBits * slices * cols, above, below };
}
