import { quantity } from '../../src/base/fields.ts';
import { cellLaw } from '../../src/tech/circuit/cell-law.ts';
import { memristor, memristorFields } from '../../src/tech/circuit/memristor.ts';

// #region law
/** A memristor whose write takes a current. Source. */
export const law = cellLaw({
  law: 'my-cell',
  device: 'rram', // the family that macros and results name
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 1,
  params: { ...memristorFields, writeCurrent: quantity('A', { positive: true }) },
  figures: (cell, context) => {
    const write_J = cell.writeCurrent * context.writeVoltage_V * context.pulse_s;
    return memristor(cell, context, 0.1 * cell.onResistance, write_J);
  },
});
// #endregion
