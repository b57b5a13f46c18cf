/**
 * ECRAM: the conductance of a channel follows the ions that its gate moves; the gate holds them, the read path is the channel alone
 * (Chen et al., Nat. Commun. 2023: 0.1 to 230 uS, pulses of 5 V). Layout as a 1T1R cell, its gate line apart.
 */
import { quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { memristor, memristorFields } from '../memristor.ts';

/** Access transistor over the on-resistance, as for RRAM. */
const ACCESS_SHARE = 0.1;

/** A level is written by as many pulses as `write.pulse` holds; their charge is the file's to say: it grows with the gate's area. */
export const law = cellLaw({
  law: 'ecram',
  device: 'ecram',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 4,
  params: {
    ...memristorFields,
    idle: idleRows.optional(),
    gateCurrent: quantity('A', { positive: true }).meta({
      description: 'mean current of ions while a pulse lasts',
    }),
  },
  figures: (cell, context) => {
    const { writeVoltage_V, pulse_s, erase_s } = context;
    const write_J = cell.gateCurrent * writeVoltage_V * (pulse_s + erase_s);
    return memristor(cell, context, ACCESS_SHARE * cell.onResistance, write_J);
  },
});
