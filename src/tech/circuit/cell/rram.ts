/** RRAM with one access transistor (1T1R), NeuroSim V1.4 layout; programming as V^2 G t of the most conductive state. */
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { memristor, memristorFields } from '../memristor.ts';

/** Access transistor over the on-resistance: column powers of NeuroSim's rows, 100 kohm and 6 kohm cells, 32 nm. */
const ACCESS_SHARE = 0.1;

export const law = cellLaw({
  law: 'rram',
  device: 'rram',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  // 2048 levels by 256 x 256 arrays on CMOS (Rao et al., Nature 2023); what programming leaves of them the noise says.
  maxBits: 8,
  params: {
    ...memristorFields,
    idle: idleRows.optional(),
  },
  figures: (cell, context) => {
    const access_ohm = ACCESS_SHARE * cell.onResistance;
    const { writeVoltage_V, pulse_s, erase_s } = context;
    const write_J = (writeVoltage_V ** 2 * (pulse_s + erase_s)) / (cell.onResistance + access_ohm);
    return memristor(cell, context, access_ohm, write_J);
  },
});
