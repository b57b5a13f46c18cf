/** w + 2^(weightBits - 1) in the cells of one column (ISAAC): the result is less by as many times the sum of the inputs, in digital. */
import { bitSlices, type WeightEncoding } from '../weight-encoding.ts';

export const encoding: WeightEncoding = {
  label: 'offset codes',
  leastBits: 1,
  referenceColumns: 0,
  lowest: weightBits => -(2 ** (weightBits - 1)),
  offset: weightBits => 2 ** (weightBits - 1),
  partBits: weightBits => weightBits,
  slices: (weightBits, cellBits) => bitSlices(weightBits, cellBits, 0),
};
