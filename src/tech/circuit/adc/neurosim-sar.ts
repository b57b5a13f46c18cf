/** SAR ADC of NeuroSim V1.4: (b + 1) cycles of 1 ns, power linear in bits, plus what the column draws; a least case against silicon. */
import { adcLaw } from '../adc-law.ts';

const CYCLE_S = 1e-9;
/** NeuroSim's calibration of its sensing cycle. */
const MARGIN = 1.4;
/** The column's term is tabulated for a read at this voltage. */
const REFERENCE_V = 0.5;
/** 223, 302 and 382 um2 for 4, 6 and 8 bits of its FeFET runs at 32 nm; those of SRAM hold 19 um2 of precharge circuits. */
const BASE_F2 = 62_500;
const PER_BIT_F2 = 38_818;

export const law = adcLaw({
  law: 'neurosim-sar',
  architecture: 'sar',
  bits: { min: 1, max: 12 },
  params: {},
  figures: ({ bits }, { node, readVoltage_V, column_S }) => {
    const cycles_s = (bits + 1) * CYCLE_S;
    const time_s = cycles_s * node.supplyDelay;
    const power_W = node.sarPerBit_W * bits + node.sarBase_W;
    const columnPower_W = (node.sarColumn_V2 * column_S * readVoltage_V) / REFERENCE_V;
    return {
      area_m2: (BASE_F2 + PER_BIT_F2 * bits) * node.logicArea * node.node_m ** 2,
      energy_J: power_W * cycles_s,
      time_s: MARGIN * time_s,
      column: { time_s, power_W: columnPower_W },
    };
  },
});
