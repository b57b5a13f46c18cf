/** Flash ADC of NeuroSim V1.4 (multilevel sense amplifiers): fitted to its 32 nm runs of 4, 6 and 8 bits, FeFET and SRAM, 64 and 128 rows. */
import { adcLaw } from '../adc-law.ts';
import { type NodeConstants, nodeConstants } from '../nodes.ts';

const MARGIN = 1.4;
const REFERENCE_V = 0.5;
/** Encoder: rows of cells of 28 F under the columns; one sense amplifier; reference columns beside every converter. */
const ENCODER_F = 9 * 28;
const SLICE_F2 = 2500;
const REFERENCE_COLUMNS = 1.4;
/** Bias of the sense amplifiers, 2.3 x 2^0.8b uW; the column conducts for 0.6 of the conversion. */
const BIAS_W = 2.3e-6;
const BIAS_GROWTH = 2 ** 0.8;
const COLUMN_SHARE = 0.6;
/** Sensing: 1.35 ns, and 2.75^b x (1.24 ps + 22.5 fJ over the column's power): small currents settle slowly. */
const TIME = { base_s: 1.35e-9, growth: 2.75, step_s: 1.24e-12, step_J: 22.5e-18 };
/** A column that conducts less than this is sensed against its references alone. */
const LEAST_COLUMN_W = 1e-6;

/** Over nodes the bias follows that of NeuroSim's SAR converter of 6 bits. */
const bias = (node: NodeConstants): number => 6 * node.sarPerBit_W + node.sarBase_W;
const BIAS_AT_32NM_W = bias(nodeConstants(32e-9, 'LSTP'));

export const law = adcLaw({
  law: 'neurosim-flash',
  architecture: 'flash',
  bits: { min: 1, max: 8 },
  params: {},
  figures: ({ bits }, { node, readVoltage_V, column_S, rows, cell_m2, columns_m }) => {
    const column_W = (node.sarColumn_V2 * column_S * readVoltage_V) / REFERENCE_V;
    const time_s =
      TIME.base_s + TIME.growth ** bits * (TIME.step_s + TIME.step_J / Math.max(column_W, LEAST_COLUMN_W));
    const bias_W = (BIAS_W * BIAS_GROWTH ** bits * bias(node)) / BIAS_AT_32NM_W;
    return {
      area_m2:
        SLICE_F2 * (2 ** bits - 1) * node.node_m ** 2 +
        ENCODER_F * node.node_m * columns_m +
        REFERENCE_COLUMNS * rows * cell_m2,
      energy_J: bias_W * time_s,
      time_s: MARGIN * time_s,
      column: { time_s, power_W: COLUMN_SHARE * column_W },
    };
  },
});
