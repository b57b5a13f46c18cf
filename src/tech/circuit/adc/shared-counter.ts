/**
 * Single-slope converter with a counter and a ramp that all columns share: a column has a comparator and a latch of b bits, which takes the
 * count when the ramp passes it. Registers, comparator and clock of NeuroSim V1.4 (shift-and-add, sense amplifier); the ramp steps by a DAC.
 */
import { actionTime } from '../../../base/fields.ts';
import { adcLaw } from '../adc-law.ts';
import { CLOCKED_J, REGISTER } from '../adder.ts';
import { SENSE_AMPLIFIER } from '../sense-amp.ts';

/** Flip-flops of a counter that toggle in a step: 1 + 1/2 + 1/4 ... */
const FF_PER_STEP = 2;
/** DAC of the ramp: 0.166 um2 for a bit, twice for every bit more (MNSIM); 0.05 b V2 pJ over its 2^b steps (ZigZag-IMC). */
const DAC = { area_m2: 0.166e-12, perBit_F: 0.05e-12 };

export const law = adcLaw({
  law: 'shared-counter',
  architecture: 'shared-counter',
  bits: { min: 1, max: 10 },
  params: {
    step: actionTime({ positive: true })
      .prefault('1 ns')
      .meta({ description: 'one step of the ramp; assumed' }),
  },
  figures: ({ bits, step }, { node }) => {
    const steps = 2 ** bits;
    const f2 = node.logicArea * node.node_m ** 2;
    const latches_m2 = bits * REGISTER.area_F2 * f2;
    return {
      area_m2: SENSE_AMPLIFIER.area_F2 * f2 + latches_m2,
      // The comparator decides at every step, the latch takes its bits once.
      energy_J: (steps * SENSE_AMPLIFIER.energy_J + bits * CLOCKED_J) * node.logicEnergy,
      time_s: steps * step * node.supplyDelay * node.thermalDelay,
      leaking_m2: latches_m2,
      shared: {
        area_m2: bits * REGISTER.area_F2 * f2 + DAC.area_m2 * 2 ** (bits - 1),
        energy_J: steps * FF_PER_STEP * CLOCKED_J * node.logicEnergy + DAC.perBit_F * bits * node.vdd_V ** 2,
      },
    };
  },
});
