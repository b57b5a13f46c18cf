/**
 * SOT-MRAM: a current beside the junction, through a heavy metal, switches it; reads and writes have a transistor each. 0.5e12 A/m2
 * (Nature Communications Engineering 2025, table of defaults) through 50 nm x 4 nm (assumed) are 100 uA.
 */
import { cellLaw } from '../cell-law.ts';
import { junction, mtjFields } from '../mtj.ts';

/** Half as wide again as a cell of one transistor: assumed. */
const WIDTH_F = 15;

export const law = cellLaw({
  law: 'sot-mram',
  device: 'mram',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 1,
  params: mtjFields('100 uA', WIDTH_F, 10, 'through the heavy metal; assumed cross-section'),
  figures: junction,
});
