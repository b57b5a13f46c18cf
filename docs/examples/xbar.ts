import { nodeFiles, xbar } from 'trex-sim';

// What is left out has XBAR_DEFAULTS: as the technology says; trials of 0 measure no error.
const { summary } = await xbar(
  { techs: ['fefet-32nm'], rows: [64, 128], adcBits: [4, 5, 6], trials: 0 },
  { files: nodeFiles, onRow: async row => console.log(row.rows, row.adc.bits, row.topsPerWatt) },
);
console.log(summary.front.length, 'crossbars are on the Pareto front');
