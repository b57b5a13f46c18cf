/** STT-MRAM: a tunnel junction that a current through it switches; one bit. 80 uA, 10 ns (NVSim, NVMExplorer); 10 F x 10 F (NeuroSim V1.4: Intel, 22 nm). */
import { cellLaw } from '../cell-law.ts';
import { junction, mtjFields } from '../mtj.ts';

export const law = cellLaw({
  law: 'stt-mram',
  device: 'mram',
  storage: 'analog',
  readout: 'current',
  column: 'switch',
  maxBits: 1,
  params: mtjFields('80 uA', 10, 10, 'through the junction; NVSim'),
  figures: junction,
});
