/** w + 2^(weightBits - 1) in the cells of one column (ISAAC, NeuroSim): the result is less by as many times the sum of the inputs. */
import { bitSlices, type WeightEncoding } from '../weight-encoding.ts';

export const encoding: WeightEncoding = {
  leastBits: 1,
  pairs: false,
  lowest: weightBits => -(2 ** (weightBits - 1)),
  offset: weightBits => 2 ** (weightBits - 1),
  slices: (weightBits, cellBits) => bitSlices(weightBits, cellBits, 0),
};
