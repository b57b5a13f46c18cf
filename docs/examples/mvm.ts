import { mvm, nodeFiles, wasmBackend } from 'trex-sim';

// What is left out has MVM_DEFAULTS: encoding as the technology says, converters set to the sums of the matrix.
const matrix = { rows: 64, cols: 16, tokens: 8, tech: 'fefet-32nm', device: { adcBits: 7 }, trials: 2 };
const { rmse, snr_dB, assumed } = await mvm(matrix, {
  files: nodeFiles,
  backend: () => wasmBackend(),
});
console.log(rmse.mean, snr_dB?.mean, assumed); // steps of the integer product; dB; in words
