/** Weights to cell levels, as their encoding cuts them. */
import { TrexError } from '../../base/errors.ts';
import { weightEncoding } from '../../tech/encodings.ts';
import type { MvmPlan } from './spec.ts';

/**
 * Levels of all cells, [block][slice][row in block][col], for integer weights [rows][cols]. Rows past the end of the
 * matrix hold no cells: `EMPTY`. @throws TrexError as `checkWeights`.
 */
export function cellLevels(weights: ArrayLike<number>, plan: MvmPlan): Int16Array {
  const { spec, slices, blocks } = plan;
  const { rows, cols, arrayRows } = spec;
  checkWeights(weights, plan);
  const levels = new Int16Array(blocks * slices * arrayRows * cols).fill(EMPTY);
  const levelOf = slicer(plan);
  for (let row = 0; row < rows; row++) {
    const block = Math.floor(row / arrayRows);
    for (let col = 0; col < cols; col++) {
      const w = weights[row * cols + col];
      for (let slice = 0; slice < slices; slice++) {
        const at = ((block * slices + slice) * arrayRows + (row % arrayRows)) * cols + col;
        levels[at] = levelOf(w, slice);
      }
    }
  }
  return levels;
}

/** The level of a weight in one slice. */
export function slicer({ weightSlices, maxLevel, weightOffset }: MvmPlan) {
  return (w: number, slice: number): number => {
    const { shift, sign } = weightSlices[slice];
    const u = w + weightOffset;
    return (Math.max(0, sign === 0 ? u : -u) >> shift) & maxLevel;
  };
}

/** @throws TrexError for weights that are too few or too many, and for the first one out of range. */
export function checkWeights(weights: ArrayLike<number>, { spec }: MvmPlan): void {
  const { rows, cols, weightBits } = spec;
  if (weights.length !== rows * cols)
    throw new TrexError(`a ${rows} x ${cols} matrix has ${rows * cols} weights, got ${weights.length}`);
  const high = 2 ** (weightBits - 1) - 1;
  const low = weightEncoding(spec.encoding).lowest(weightBits);
  // Powers come as float64, which would make every difference one.
  if (weights instanceof Int16Array && within(weights, low | 0, high | 0)) return;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (Number.isInteger(w) && w >= low && w <= high) continue;
    throw new TrexError(
      `weight ${w} in row ${Math.floor(i / cols)}, column ${i % cols} is no integer from ${low} to ${high}`,
    );
  }
}

/** Without branches: a difference below zero leaves its sign. */
function within(values: Int16Array, low: number, high: number): boolean {
  let signs = 0;
  for (let i = 0; i < values.length; i++) signs |= (values[i] - low) | (high - values[i]);
  return signs >= 0;
}

/** A place without a cell. */
export const EMPTY = -1;
