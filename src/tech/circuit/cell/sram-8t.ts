/** 8T SRAM read as a resistor through its own read port: one gate on the read wordline, 360 F2 (NeuroSim V1.4 manual, Table V, 22 nm). */
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { cellArea, EIGHT_T_F2, sram, sramFields } from '../sram.ts';

/** Eight transistors leak as the six do, each as much. */
const LEAKAGE = 8 / 6;

export const law = cellLaw({
  law: 'sram-8t',
  device: 'sram',
  storage: 'bistable',
  readout: 'current',
  column: 'precharge',
  maxBits: 1,
  params: { ...sramFields, area: cellArea, idle: idleRows.optional() },
  figures: (cell, context) =>
    sram(cell, { area: EIGHT_T_F2, height: 10, gates: 1, leakage: LEAKAGE }, context),
});
