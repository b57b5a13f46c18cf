/** Positive and negative parts in arrays of their own, whose sums are subtracted: a pair of cells a slice (CrossSim's default). */
import { bitSlices, type WeightEncoding } from '../weight-encoding.ts';

export const encoding: WeightEncoding = {
  label: 'differential pairs',
  leastBits: 2,
  referenceColumns: 0,
  lowest: weightBits => 1 - 2 ** (weightBits - 1),
  offset: () => 0,
  partBits: weightBits => weightBits - 1,
  slices: (weightBits, cellBits) => [
    ...bitSlices(weightBits - 1, cellBits, 0),
    ...bitSlices(weightBits - 1, cellBits, -1),
  ],
};
