/** Adder tree over products of Booth digits: two input bits a digit, one product a digit and weight (ISSCC 2022-15.5, as ZigZag-IMC counts it). */
import { log2 } from '../../../base/math.ts';
import { adcLaw } from '../adc-law.ts';
import { nandAt } from '../gates.ts';
import { FULL_ADDER, treeAdders } from '../logic.ts';

/** A digit is one of -2, -1, 0, 1, 2: a product of p + 1 bits, each of two NAND2 that select and one XOR2 that inverts. */
const INPUT_BITS_PER_DIGIT = 2;
const SELECTOR = { capacitance: 2 + 1.5, area: 2 + 2.4, delay: 2 + 2.4 } as const;

export const law = adcLaw({
  law: 'booth-tree',
  architecture: null,
  bits: { min: 1, max: 24 },
  digital: true,
  // Wide enough for any sum, and a tree at every column.
  defaults: { bits: 16, columns: 1 },
  params: {},
  figures: (_, { node, rows, arrayRows, weightBits, stepBits, inputDensity }) => {
    const nand = nandAt(node);
    const digits = Math.ceil(stepBits / INPUT_BITS_PER_DIGIT);
    const products = rows * digits;
    const bits = weightBits + 1;
    const levels = Math.ceil(log2(products));
    const adders = treeAdders(products, bits) / weightBits;
    const selectors = (products * bits) / weightBits;
    // As a tree of bit products: half as often as inputs are 1.
    const activity = inputDensity / 2;
    const carry = bits + stepBits + levels;
    const switched = adders * FULL_ADDER.capacitance + selectors * SELECTOR.capacitance;
    return {
      area_m2:
        (adders * FULL_ADDER.area + ((arrayRows * digits * bits) / weightBits) * SELECTOR.area) *
        nand.area_m2,
      energy_J: switched * activity * nand.energy_J,
      time_s: (SELECTOR.delay + levels * FULL_ADDER.sumDelay + carry * FULL_ADDER.carryDelay) * nand.delay_s,
    };
  },
});
