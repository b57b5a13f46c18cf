/** A full adder at every cell: sums ripple from row to row down a word's columns, which are as many as its sums have bits (Colonnade, JSSC 2021). */
import { log2 } from '../../../base/math.ts';
import { adcLaw } from '../adc-law.ts';
import { nandAt } from '../gates.ts';
import { FULL_ADDER } from '../logic.ts';

/** A running sum enters at the second XOR of each adder, so that it passes one a row; a carry passes both. */
const ROW_DELAY = FULL_ADDER.sumDelay / 2;
const CARRY_DELAY = FULL_ADDER.sumDelay / 2 + FULL_ADDER.carryDelay;

export const law = adcLaw({
  law: 'adder-chain',
  architecture: null,
  bits: { min: 1, max: 24 },
  digital: true,
  // Wide enough for any sum, and a chain at every column.
  defaults: { bits: 16, columns: 1 },
  params: {},
  figures: (_, { node, rows, arrayRows, weightBits, stepBits, inputDensity }) => {
    const nand = nandAt(node);
    const sumBits = weightBits + stepBits - 1 + Math.ceil(log2(arrayRows));
    const adders = sumBits / weightBits;
    // Bits of a running sum are as often 1 as 0 and new in every plane: half of them change. Glitches are not counted.
    const activity = inputDensity;
    return {
      area_m2: arrayRows * (adders * FULL_ADDER.area + stepBits) * nand.area_m2,
      energy_J: rows * (adders * FULL_ADDER.capacitance * activity + stepBits / 2) * nand.energy_J,
      time_s: (arrayRows * ROW_DELAY + sumBits * CARRY_DELAY) * nand.delay_s,
    };
  },
});
