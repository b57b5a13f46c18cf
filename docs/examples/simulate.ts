import { loadArch, loadModel, parseReuse, reuseSpace, simulate } from 'trex-sim';

const { arch } = loadArch('trex', { set: ['pe.adcBanks=2'] });
const { model } = loadModel('glyph-vit');
const { result } = await simulate({ arch, model, reuse: parseReuse('count:1', reuseSpace(model)) });
console.log(result.edap_Jsm2);
