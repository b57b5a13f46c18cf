/**
 * NOR flash, split gate: a floating gate beside the select gate of the same transistor. 0.33 um2 a cell at 55 nm (Guo et al., arXiv
 * 1611.03379: 109 F2); hot electrons program, a tunnel current erases whole blocks (`write.blockErase`).
 */
import { quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { memristor, memristorFields } from '../memristor.ts';

/** `write.voltage` is that of the source line, `programCurrent` flows through the cell while the pulse lasts; an erase takes no current. */
export const law = cellLaw({
  law: 'nor-flash',
  device: 'flash',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 4,
  params: {
    ...memristorFields,
    idle: idleRows.optional(),
    programCurrent: quantity('A', { positive: true }).prefault('1 uA').meta({
      description: 'injection at the source side takes less than 1 uA to a few; assumed',
    }),
  },
  figures: (cell, context) => {
    const { writeVoltage_V, pulse_s } = context;
    // No access transistor of its own: the select gate is part of the cell.
    return memristor(cell, context, 0, cell.programCurrent * writeVoltage_V * pulse_s);
  },
});
