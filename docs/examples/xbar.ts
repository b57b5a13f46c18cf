import { nodeFiles, xbar } from 'trex-sim';

const sizes = { techs: ['fefet-32nm'], rows: [64, 128], cols: [], adcBits: [4, 5, 6] };
const asTheFileSays = { cellBits: [], mux: [], nodes_m: [], set: [] };
const product = { weightBits: 8, inputBits: 8, trials: 0, adcRange: 0.75, seed: 1 };
const { summary } = await xbar(
  { ...sizes, ...asTheFileSays, ...product },
  { files: nodeFiles, onRow: async row => console.log(row.rows, row.adc.bits, row.topsPerWatt) },
);
console.log(summary.front.length, 'crossbars are on the Pareto front');
