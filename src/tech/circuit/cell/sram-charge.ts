/** SRAM cell with a capacitor: a column's charge is the sum, no current flows (ZigZag-IMC; Jia, JSSC 2020: 10T1C of 426 F2). */
import { quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { cellArea, SIX_T_F2, sram, sramFields } from '../sram.ts';

/** Ten transistors leak as the six do, each as much. */
const LEAKAGE = 10 / 6;
/** 426 F2 at 65 nm; over nodes as a 6T cell. */
const AREA = { unit: 426 / 280, at: SIX_T_F2.at };

export const law = cellLaw({
  law: 'sram-charge',
  device: 'sram',
  storage: 'bistable',
  readout: 'charge',
  column: 'precharge',
  maxBits: 1,
  params: {
    ...sramFields,
    area: cellArea,
    capacitor: quantity('F', { positive: true }).prefault('0.35 fF').meta({
      description: 'charged to the supply by an active row: 0.35 fF in ZigZag-IMC, 2 fF for Jia in CiMLoop',
    }),
  },
  figures: (cell, context) => {
    const figures = sram(cell, { area: AREA, height: 12, gates: 1, leakage: LEAKAGE }, context);
    const still = {
      conductance_S: 0,
      reference_S: 0,
      onConductance_S: 0,
      switchConductance_S: 0,
      precharge: 0,
    };
    return { ...figures, ...still, readCharge_F: cell.capacitor };
  },
});
