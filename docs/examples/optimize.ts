import { optimizeDefaults, optimizeFiles } from 'trex-sim';

const { result } = await optimizeFiles({ ...optimizeDefaults, model: 'glyph-vit', targetDelay: '530us' });
console.log(result.row.reuse.pattern, result.row.latency_s);
