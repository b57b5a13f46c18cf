import { loadArch, loadModel, parseReuse, simulate } from 'trex-sim';

const { arch } = loadArch('trex', { set: ['pe.adcBanks=2'] });
const { model } = loadModel('glyph-vit');
const { result } = await simulate({ arch, model, reuse: parseReuse('count:1', model.encoders) });
console.log(result.edap_Jsm2);
