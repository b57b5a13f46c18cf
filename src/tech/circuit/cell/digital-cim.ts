/** Digital SRAM cell for computing in memory: 6T with a NAND gate that multiplies; an adder tree sums (ZigZag-IMC, 28 nm). */
import { cellLaw } from '../cell-law.ts';
import { NAND2 } from '../logic.ts';
import { cellArea, SIX_T_F2, sram, sramFields } from '../sram.ts';

/** The multiplier stands with the adder tree; the wordline of inputs sees one of its two gates. */
export const law = cellLaw({
  law: 'digital-cim',
  device: 'sram',
  storage: 'bistable',
  readout: 'digital',
  column: 'precharge',
  maxBits: 1,
  params: { ...sramFields, area: cellArea },
  figures: (cell, context) => {
    const figures = sram(cell, { area: SIX_T_F2, height: 10, gates: 0, leakage: 1 }, context);
    const rowLoad_F = (NAND2.capacitance_F / 2) * (context.node.node_m / NAND2.node_m);
    return {
      ...figures,
      rowLoad_F,
      conductance_S: 0,
      reference_S: 0,
      onConductance_S: 0,
      switchConductance_S: 0,
    };
  },
});
