/**
 * Offset codes beside a reference column whose cells stand in the middle of their range; its current is subtracted from every
 * column before the ADC, and with it the pedestal of the codes and what the wires take from it (NeuroSim's dummy column).
 */
import { bitSlices, type WeightEncoding } from '../weight-encoding.ts';

export const encoding: WeightEncoding = {
  label: 'offset codes with a reference column',
  leastBits: 1,
  referenceColumns: 1,
  lowest: weightBits => -(2 ** (weightBits - 1)),
  offset: weightBits => 2 ** (weightBits - 1),
  partBits: weightBits => weightBits,
  // The last slice may hold fewer bits.
  slices: (weightBits, cellBits) =>
    bitSlices(weightBits, cellBits, 0).map(slice => ({
      ...slice,
      reference: 2 ** (Math.min(cellBits, weightBits - slice.shift) - 1),
    })),
};
