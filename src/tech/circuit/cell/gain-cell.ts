/**
 * Gain cell (embedded DRAM of transistors alone): a capacitor at the gate of a read transistor holds the weight, a write transistor
 * charges it, and it leaks, so that it is written again once a `refresh` (Leroux et al., arXiv 2409.19315: 8 levels for K and V).
 */
import { factor, quantity } from '../../../base/fields.ts';
import { cellLaw } from '../cell-law.ts';
import { idleRows } from '../idle-rows.ts';
import { over } from '../node-tables.ts';
import { cellArea, sram, sramFields } from '../sram.ts';

const positive = { positive: true };
/**
 * Cells of three transistors in the rules of logic: 0.16 um2 at 28 nm (Narinx, A-SSCC 2019), 0.08 um2 at 16 nm (Giterman, SSC-L 2020:
 * half of a 6T cell in the same rules, about all of one in the rules of foundries), both as MemSysExplorer takes them. Below, as a 6T cell.
 */
const AREA_F2 = over(1, { 3: 2048, 5: 840, 7: 551, 10: 420, 14: 326, 16: 312.5, 28: 204, 130: 204 });
/** One gate on the read wordline; width over height 1.6. */
const SHAPE = { area: AREA_F2, height: 11, gates: 1, leakage: 0 };

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
