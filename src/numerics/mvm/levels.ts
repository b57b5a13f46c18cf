/** Weights to cell levels: bit slices of the offset or of the differential code. */
import { TrexError } from '../../errors.ts';
import type { MvmPlan } from './spec.ts';

/**
 * Levels of all cells, [block][slice][row in block][col], for integer weights [rows][cols]. Rows past the end of the
 * matrix hold no cells: `EMPTY`. Throws a `TrexError` for a weight out of range.
 */
export function cellLevels(weights: ArrayLike<number>, plan: MvmPlan): Int16Array {
  const { spec, slices, blocks, maxLevel, weightOffset } = plan;
  const { rows, cols, arrayRows, cellBits, encoding, weightBits } = spec;
  if (weights.length !== rows * cols) {
    throw new TrexError(`a ${rows} x ${cols} matrix has ${rows * cols} weights, got ${weights.length}`);
  }
  const high = 2 ** (weightBits - 1) - 1;
  const low = encoding === 'offset' ? -high - 1 : -high;
  const levels = new Int16Array(blocks * slices * arrayRows * cols).fill(EMPTY);
  const half = slices / 2;
  for (let row = 0; row < rows; row++) {
    const block = Math.floor(row / arrayRows);
    for (let col = 0; col < cols; col++) {
      const w = weights[row * cols + col];
      if (!(Number.isInteger(w) && w >= low && w <= high)) {
        throw new TrexError(`weight ${w} in row ${row}, column ${col} is no integer from ${low} to ${high}`);
      }
      for (let slice = 0; slice < slices; slice++) {
        let code = w + weightOffset;
        let shift = slice * cellBits;
        if (encoding === 'differential') {
          code = Math.max(0, slice < half ? w : -w);
          shift = (slice % half) * cellBits;
        }
        const at = ((block * slices + slice) * arrayRows + (row % arrayRows)) * cols + col;
        levels[at] = (code >> shift) & maxLevel;
      }
    }
  }
  return levels;
}

/** A place without a cell. */
export const EMPTY = -1;
