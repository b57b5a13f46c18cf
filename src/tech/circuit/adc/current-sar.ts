/**
 * SAR in current mode: one sense amplifier tells the column's current b times from the currents of reference cells that are switched on
 * bit by bit. The amplifier of NeuroSim V1.4's flash converter; references and registers are those of a SAR instead of 2^b - 1 slices.
 */
import { adcLaw } from '../adc-law.ts';
import { CLOCKED_J, REGISTER } from '../adder.ts';
import { mirror_W, SENSE_AMPLIFIER, senseAmp, senseTime_s } from '../sense-amp.ts';

const MARGIN = 1.4;
/** Columns were simulated at this voltage: a read at another one is a column of another resistance. */
const REFERENCE_V = 0.5;
/** Registers of a SAR: the code and the position of its bit. */
const REGISTERS_PER_BIT = 2;

export const law = adcLaw({
  law: 'current-sar',
  architecture: 'current-sar',
  bits: { min: 1, max: 8 },
  currents: true,
  params: {},
  figures: ({ bits }, context) => {
    const { node, readVoltage_V, column_S, reference_S, rows, cell_m2 } = context;
    const amp = senseAmp(node.node_m);
    const levels = 2 ** bits;
    // The last decision is between neighbours around half of the largest current on average.
    const step_s = senseTime_s(amp, 2 / reference_S, context.columnWire_F) * node.supplyDelay;
    const readout = readVoltage_V / REFERENCE_V;
    const bias = node.supplyEnergy * node.converterBias;
    const registers = REGISTERS_PER_BIT * bits;
    const logic_m2 = registers * REGISTER.area_F2 * node.logicArea * node.node_m ** 2;
    const time_s = bits * step_s;
    return {
      area_m2: SENSE_AMPLIFIER.area_F2 * node.logicArea * node.node_m ** 2 + logic_m2 + rows * cell_m2,
      energy_J:
        bits * SENSE_AMPLIFIER.energy_J * node.logicEnergy +
        (registers * CLOCKED_J * bits * node.logicEnergy) / 2 +
        (bits * context.reference_J) / levels +
        mirror_W(amp, (reference_S * readout) / 2) * bias * time_s,
      time_s: MARGIN * time_s,
      column: { time_s, power_W: mirror_W(amp, column_S * readout) * bias },
      leaking_m2: logic_m2,
    };
  },
});
