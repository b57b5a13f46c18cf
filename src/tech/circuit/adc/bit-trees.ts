/** An adder tree at every column of weight bits; the sums of a word's columns are added at their places by another (ZigZag-IMC: ISSCC 2023-7.2). */
import { log2 } from '../../../base/math.ts';
import { adcLaw } from '../adc-law.ts';
import { nandAt } from '../gates.ts';
import { FULL_ADDER, treeAdders } from '../logic.ts';

/** Narrow trees, and more of them than a tree of whole words takes: the weights' bits stand apart, as columns of SRAM have them. */
export const law = adcLaw({
  law: 'bit-trees',
  architecture: null,
  bits: { min: 1, max: 24 },
  digital: true,
  // Wide enough for any sum, and a tree at every column.
  defaults: { bits: 16, columns: 1 },
  params: {},
  figures: (_, { node, rows, arrayRows, weightBits, stepBits, inputDensity }) => {
    const nand = nandAt(node);
    const levels = Math.ceil(log2(rows));
    const places = Math.ceil(log2(weightBits));
    const sumBits = stepBits + levels;
    const adders = treeAdders(rows, stepBits) + treeAdders(weightBits, sumBits) / weightBits;
    // A product is 1 as often as its input and half of the weights are; half of these change from plane to plane.
    const activity = inputDensity / 2;
    const sums = (levels + places) * FULL_ADDER.sumDelay;
    const carry = (sumBits + weightBits) * FULL_ADDER.carryDelay;
    return {
      area_m2: (adders * FULL_ADDER.area + arrayRows * stepBits) * nand.area_m2,
      energy_J: (adders * FULL_ADDER.capacitance * activity + (rows * stepBits) / 2) * nand.energy_J,
      time_s: (sums + carry) * nand.delay_s,
    };
  },
});
