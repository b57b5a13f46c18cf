/**
 * Offset codes beside a reference column that conducts the middle of their range; its current is subtracted from every column
 * before the ADC, and with it the pedestal of the codes and what the wires take from it (NeuroSim's dummy column). No level is
 * the middle of 2^n levels, and a cell of one bit has none but its ends: the two next to it take turns, from row to row and from
 * slice to slice, so that the reference needs no other cells and sums stay whole numbers.
 */
import { bitSlices, type WeightEncoding } from '../weight-encoding.ts';

export const encoding: WeightEncoding = {
  label: 'offset codes with a reference column',
  leastBits: 1,
  referenceColumns: 1,
  lowest: weightBits => -(2 ** (weightBits - 1)),
  offset: weightBits => 2 ** (weightBits - 1),
  partBits: weightBits => weightBits,
  slices: (weightBits, cellBits) =>
    bitSlices(weightBits, cellBits, 0).map((slice, s) => {
      // The last slice may hold fewer bits.
      const above = 2 ** (Math.min(cellBits, weightBits - slice.shift) - 1);
      return { ...slice, reference: s % 2 === 0 ? [above - 1, above] : [above, above - 1] };
    }),
};
