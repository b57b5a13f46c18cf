/** 6T SRAM read as a resistor: two access gates on the wordline, 280 F2 (NeuroSim V1.4 manual, Table V, 22 nm). */
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { cellArea, SIX_T_F2, sram, sramFields } from '../sram.ts';

export const law = cellLaw({
  law: 'sram-6t',
  device: 'sram',
  storage: 'bistable',
  readout: 'current',
  column: 'precharge',
  maxBits: 1,
  params: { ...sramFields, area: cellArea, idle: idleRows.optional() },
  figures: (cell, context) => sram(cell, { area: SIX_T_F2, height: 10, gates: 2, leakage: 1 }, context),
});
