/**
 * The slices of a weight added before one conversion: cells are programmed slice by slice, in the layout of a plan without
 * merging, and what a converter sees of them is one cell that conducts the sum of theirs at their place values.
 */
import { type StreamKey, subKey } from '../../base/random.ts';
import { ofKind, type TermEffect } from '../../tech/noise-effects.ts';
import { drawZ } from '../noise/gaussian.ts';
import { Z_BITS } from '../noise/normal-table.ts';
import { numberedKey } from '../noise/numbered-key.ts';
import { type MvmPlan, planMvm } from './spec.ts';

/** The cells of a plan: those that are programmed. Nothing reads them alone, so that its converters mean nothing. */
export function cellPlan(plan: MvmPlan): MvmPlan {
  const { merge, fracBits: _, ...spec } = plan.spec;
  if (!merge) return plan;
  return planMvm({ ...spec, adc: { bits: 1, levelsPerLsb: { levels: 1, steps: 1 } } });
}

/** Slices that are merged into each slice of a plan. */
const perSlice = ({ cellsPerWeight, slices }: MvmPlan): number => cellsPerWeight / slices;

/** Sum of the squares of the place values in one conversion: how the noise of cells adds up. 1: slices are not merged. */
export function placeSquares({ spec, ...plan }: MvmPlan): number {
  let sum = 0;
  for (let s = 0; s < plan.cellsPerWeight / plan.slices; s++) sum += 2 ** (2 * spec.cellBits * s);
  return sum;
}

/** Whose networks of capacitors: those of the columns of weights, or of the reference columns of an array. */
export type MergedColumns = 'weights' | 'references';

/** What each slice of a column counts in a row of an array. */
interface PlaceValues {
  /** Every row has networks of its own. */
  readonly byRow: boolean;
  write(weights: Float64Array, array: number, column: number, row: number): void;
}

/**
 * Of a plan that merges: exact places, or those of capacitors that differ. Row blocks of one array are read by the same
 * networks. `column`: of the matrix, or the number of the array beside others.
 */
export function placeValues(
  plan: MvmPlan,
  effects: readonly TermEffect[],
  key: StreamKey,
  of: MergedColumns,
): PlaceValues {
  const { spec, slices } = plan;
  const { arrayRows, lineRows = arrayRows, cellBits } = spec;
  const shape = { slices: perSlice(plan), cellBits };
  const [spread] = ofKind(effects, 'mergeSpread');
  if (spread === undefined)
    return {
      byRow: false,
      write: weights => {
        for (let s = 0; s < weights.length; s++) weights[s] = 2 ** (cellBits * s);
      },
    };
  const stream = subKey(key, spread.term, of);
  const above = Math.ceil(lineRows / arrayRows);
  const units = spread.units(shape);
  const byRow = spread.at === 'cell';
  return {
    byRow,
    write: (weights, array, column, row) => {
      const [block, slice] = [Math.floor(array / slices), array % slices];
      const physical = Math.floor(block / above) * slices + slice;
      const line = (block % above) * arrayRows + row;
      const own = numberedKey(stream, byRow ? physical * above * arrayRows + line : physical);
      const error = (unit: number): number =>
        (spread.mismatch * drawZ(own, column * units + unit)) / 2 ** Z_BITS;
      weights.set(spread.weights(shape, error));
    },
  };
}

/** What is merged: values of cells [block][slice][row][column], `columns` of them in a row. */
interface MergedCells {
  readonly plan: MvmPlan;
  readonly columns: number;
  readonly places: PlaceValues;
  /** Units of a level before and behind. */
  readonly scale: number;
}

/** Visits every cell of what is left, with its sum and the square root of the sum of its squares. */
export function eachMerged(
  g: Int32Array | Float64Array,
  { plan, columns, places, scale }: MergedCells,
  visit: (at: number, sum: number, norm: number) => void,
): void {
  const { blocks, slices, spec } = plan;
  const merged = perSlice(plan);
  const size = spec.arrayRows * columns;
  const weights = new Float64Array(merged);
  for (let block = 0; block < blocks; block++)
    for (let slice = 0; slice < slices; slice++) {
      const array = block * slices + slice;
      const first = array * merged * size;
      for (let column = 0; column < columns; column++)
        for (let row = 0, at = column; row < spec.arrayRows; row++, at += columns) {
          if (row === 0 || places.byRow) places.write(weights, array, column, row);
          let [sum, squares] = [0, 0];
          for (let s = 0; s < merged; s++) {
            const value = weights[s] * g[first + s * size + at] * scale;
            sum += value;
            squares += value * value;
          }
          visit(array * size + at, sum, Math.sqrt(squares));
        }
    }
}
