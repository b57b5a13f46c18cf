import { nodeFiles, run, runSummary } from 'trex-sim';

const { result, layers } = await run(
  { arch: 'trex', model: 'glyph-vit', reuse: 'count:1' },
  { files: nodeFiles },
);
console.log(result.latency_s, result.energy_J, result.area_m2); // s, J, m2, of one image
console.log(runSummary(result)); // the table of `trex run`
console.log(layers.length, 'steps');
