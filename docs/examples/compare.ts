import { compare, nodeFiles } from 'trex-sim';

const names = ['trex-fefet-32nm', 'trex-sram-32nm'];
const { subjects, why } = await compare({ names, model: 'glyph-vit' }, { files: nodeFiles });
console.log(subjects[1].ratios.edap_Jsm2); // SRAM over FeFET
console.log(why[0].energy.rows[0]); // the component that makes most of the difference
