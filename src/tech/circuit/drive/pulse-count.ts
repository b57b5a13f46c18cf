/** The level of an input is a number of equal pulses, 0 to 2^b - 1; columns integrate (NeuRRAM: Wan et al., Nature 2022, repeats its samples so). */
import { actionTime } from '../../../base/fields.ts';
import { ADDER, REGISTER } from '../adder.ts';
import { driveLaw } from '../drive-law.ts';

/** Bits of a counter that change at a tick, in the mean: 1 + 1/2 + 1/4 ... */
const TOGGLES = 2;
/** A pulse and a pause as long: assumed. */
const PERIOD = 2;

/** A down-counter of b bits at every row; the line is charged for every pulse. */
export const law = driveLaw({
  law: 'pulse-count',
  pulses: true,
  params: {
    pulse: actionTime({ positive: true })
      .prefault('1 ns')
      .meta({ description: 'one pulse; a pause as long follows it, assumed' }),
  },
  figures: ({ pulse }, { node, bits, inputDensity }) => {
    const pulses = 2 ** bits - 1;
    return {
      area_m2: bits * (ADDER.area_F2 + REGISTER.area_F2) * node.logicArea * node.node_m ** 2,
      energy_J: inputDensity * pulses * TOGGLES * (ADDER.energy_J + REGISTER.energy_J) * node.logicEnergy,
      swings: inputDensity * pulses,
      pulses: { time_s: pulses * PERIOD * pulse, conducting_s: pulses * pulse },
    };
  },
});
