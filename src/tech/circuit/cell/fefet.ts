/** FeFET: a transistor whose threshold is the weight. NeuroSim V1.4 layout; switching charge 2 P_r A V (Soliman, Nat. Commun. 2023; NVMExplorer). */
import { factor } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { memristor, memristorFields } from '../memristor.ts';

/** Remanent polarisation, C/m2 (NeuroSim V2.1: 20 uC/cm2). */
const POLARISATION = 0.2;

/** No access transistor in the read path; both states are programmed by the gate voltage. */
export const law = cellLaw({
  law: 'fefet',
  device: 'fefet',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 4,
  params: {
    ...memristorFields,
    idle: idleRows.optional(),
    gateArea: factor(1, 1000)
      .default(2)
      .meta({ description: 'of the ferroelectric gate, in squares of the feature size' }),
  },
  figures: (cell, context) => {
    const { node, writeVoltage_V, erase_s } = context;
    const switch_J = 2 * POLARISATION * cell.gateArea * node.node_m ** 2 * writeVoltage_V;
    return memristor(cell, context, 0, erase_s > 0 ? 2 * switch_J : switch_J);
  },
});
