/** The level of an input is a voltage: a DAC at every row, none for single bits (MNSIM, ZigZag-IMC). */
import { driveLaw } from '../drive-law.ts';

/** DAC of 1 bit 0.166 um2 (MNSIM), twice for every bit more; 0.05 b V^2 pJ (ZigZag-IMC). */
const DAC = { area_m2: 0.166e-12, perBit_F: 0.05e-12 };

export const law = driveLaw({
  law: 'amplitude',
  pulses: false,
  params: {},
  figures: (_, { node, bits, inputDensity }) => ({
    area_m2: bits > 1 ? DAC.area_m2 * 2 ** (bits - 1) : 0,
    energy_J: bits > 1 ? inputDensity * DAC.perBit_F * bits * node.vdd_V ** 2 : 0,
    swings: inputDensity,
  }),
});
