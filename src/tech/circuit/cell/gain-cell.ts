/**
 * Gain cell (embedded DRAM of transistors alone): a capacitor at the gate of a read transistor holds the weight, a write transistor
 * charges it, and it leaks, so that it is written again once a `refresh` (Leroux et al., arXiv 2409.19315: 8 levels for K and V).
 */
import { factor, quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { cellArea, SIX_T_F2, sram, sramFields } from '../sram.ts';

const positive = { positive: true };
/** Half of a 6T cell's area over nodes: assumed (gain cells are stated at about twice the density of SRAM); one gate on the read wordline. */
const SHAPE = { area: { unit: 0.5, at: SIX_T_F2.at }, height: 10, gates: 1, leakage: 0 };

export const law = cellLaw({
  law: 'gain-cell',
  device: 'edram',
  storage: 'analog',
  readout: 'current',
  column: 'precharge',
  maxBits: 3,
  params: {
    ...sramFields,
    area: cellArea,
    idle: idleRows.optional(),
    capacitor: quantity('F', positive)
      .prefault('1 fF')
      .meta({ description: 'that holds the weight; assumed' }),
    refresh: quantity('s', positive).meta({ description: 'after which the cell is written again' }),
    levels: factor(0, 1)
      .default(0.5)
      .meta({ description: 'mean level over the highest: share of its charge' }),
  },
  figures: (cell, context) => {
    const figures = sram(cell, SHAPE, context);
    const charge_J = cell.levels * cell.capacitor * context.writeVoltage_V ** 2;
    // No latch: what stands by is the charge that is put back, once a refresh.
    return { ...figures, write_J: charge_J, leakage_W: charge_J / cell.refresh };
  },
});
