/** Flash ADC of NeuroSim V1.4: 2^b - 1 current-mode sense amplifiers against reference columns, and an encoder. */
import { adcLaw } from '../adc-law.ts';
import { meanMirror_W, mirror_W, SENSE_AMPLIFIER, senseAmp, senseTime_s } from '../sense-amp.ts';

const MARGIN = 1.4;
/** Columns were simulated at this voltage: a read at another one is a column of another resistance. */
const REFERENCE_V = 0.5;
/** Encoder: rows of cells of 28 F under the columns; reference columns beside every converter. */
const ENCODER_F = 9 * 28;
const REFERENCE_COLUMNS = 1.4;
/** Encoder at 32 nm: an inverter, and a NAND gate that drives 2^b / 2 others. */
const ENCODER_S = { base: 0.06e-9, perInput: 0.0168e-9 };
/** One inverter leaks as this area of shift-and-add; a slice has 5 and a NAND gate of twice its width, the encoder wide NANDs. */
const INVERTER_F2 = 174;
const SLICE_INVERTERS = 5 + 1.92;
const ENCODER_INVERTERS = 0.31;

export const law = adcLaw({
  law: 'neurosim-flash',
  architecture: 'flash',
  bits: { min: 1, max: 8 },
  currents: true,
  params: {},
  figures: ({ bits }, context) => {
    const { node, roadmap, readVoltage_V, column_S, reference_S, rows, cell_m2, columns_m } = context;
    const amp = senseAmp(node.node_m);
    const hp = roadmap === 'HP';
    const levels = 2 ** bits;
    const slices = levels - 1;
    // References take the currents between 0 and the largest in `levels` equal steps; the slowest of them is waited for.
    const load_F = context.columnWire_F + Math.max(0, levels - 3) * amp.gate_F;
    const step_ohm = levels / reference_S;
    const settled_s = Math.max(
      senseTime_s(amp, step_ohm / 2, load_F),
      senseTime_s(amp, step_ohm / slices, load_F),
    );
    const sense_s = settled_s * node.supplyDelay;
    const encoder_s =
      (ENCODER_S.base + ENCODER_S.perInput * (levels / 2)) * node.gateDelay * (hp ? node.hpDelay : 1);
    const readout = readVoltage_V / REFERENCE_V;
    const column_W = hp
      ? slices * amp.hpBias_W + amp.hpColumn_V2 * column_S * readout
      : slices * mirror_W(amp, column_S * readout);
    const references_W = hp
      ? slices * amp.hpBias_W + (amp.hpColumn_V2 * reference_S * readout) / 2
      : slices * meanMirror_W(amp, reference_S * readout);
    // One reference column for the slices of a converter, one of them a level.
    const shared = Math.max(0, levels - 2) / levels;
    const bias = node.supplyEnergy * node.converterBias;
    return {
      area_m2:
        SENSE_AMPLIFIER.area_F2 * slices * node.logicArea * node.node_m ** 2 +
        ENCODER_F * node.node_m * columns_m +
        REFERENCE_COLUMNS * rows * cell_m2,
      energy_J:
        slices * SENSE_AMPLIFIER.energy_J * node.logicEnergy +
        (slices / levels) * context.reference_J +
        shared * references_W * bias * settled_s,
      time_s: MARGIN * (sense_s + encoder_s),
      column: { time_s: settled_s, power_W: column_W * bias },
      leaking_m2:
        INVERTER_F2 *
        node.logicArea *
        node.node_m ** 2 *
        (slices * SLICE_INVERTERS + ENCODER_INVERTERS * bits * levels),
    };
  },
});
