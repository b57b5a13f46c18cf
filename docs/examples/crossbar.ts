import { designOf, designWith, evaluateCrossbar, loadTech } from 'trex-sim';

const design = designOf(loadTech('fefet-32nm').tech);
const { area_m2, readEnergy_J } = evaluateCrossbar(designWith(design, { rows: 128, adcBits: 6 }));
console.log(area_m2.total, readEnergy_J.parts); // m2, J of one input bit plane by component
