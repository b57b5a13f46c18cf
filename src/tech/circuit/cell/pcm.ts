/** Phase-change memory with one access transistor; currents of reset (melt) and set (anneal) pulses as NVSim and NVMExplorer give them. */
import { quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { memristor, memristorFields } from '../memristor.ts';

const ACCESS_SHARE = 0.1;
const positive = { positive: true };

/** `write.erase` is the reset pulse, `write.pulse` the set pulse. */
export const law = cellLaw({
  law: 'pcm',
  device: 'pcm',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  // 8 bits: the precision of products with projected PCM (Giannopoulos, IEDM 2018); what programming leaves of others the noise says.
  maxBits: 8,
  params: {
    ...memristorFields,
    idle: idleRows.optional(),
    resetCurrent: quantity('A', positive).prefault('300 uA').meta({ description: 'NVSim' }),
    setCurrent: quantity('A', positive).prefault('150 uA').meta({ description: 'NVSim' }),
  },
  figures: (cell, context) => {
    const charge_C = cell.resetCurrent * context.erase_s + cell.setCurrent * context.pulse_s;
    return memristor(cell, context, ACCESS_SHARE * cell.onResistance, charge_C * context.writeVoltage_V);
  },
});
