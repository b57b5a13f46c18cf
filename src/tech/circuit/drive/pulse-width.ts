/** The level of an input is the length of one pulse, 0 to 2^b - 1 units; columns integrate (IBM HERMES: Khaddam-Aljameh, VLSI 2021). */
import { actionTime } from '../../../base/fields.ts';
import { ADDER } from '../adder.ts';
import { driveLaw } from '../drive-law.ts';

/** Bits of a counter that change at a tick, in the mean: 1 + 1/2 + 1/4 ... */
const TOGGLES = 2;

/** A comparator of b bits at every row (an adder a bit, assumed) watches a counter that all rows share. */
export const law = driveLaw({
  law: 'pulse-width',
  pulses: true,
  params: {
    pulse: actionTime({ positive: true })
      .prefault('1 ns')
      .meta({ description: 'unit of the pulse width; 1 ns: 8 bits in 256 ns, assumed' }),
  },
  figures: ({ pulse }, { node, bits, inputDensity }) => {
    const units = 2 ** bits - 1;
    return {
      area_m2: bits * ADDER.area_F2 * node.logicArea * node.node_m ** 2,
      energy_J: units * TOGGLES * ADDER.energy_J * node.logicEnergy,
      // One pulse for every level but 0; the mean level bounds how many there are.
      swings: Math.min(1, inputDensity * units),
      pulses: { time_s: units * pulse, conducting_s: units * pulse },
    };
  },
});
