import { mvm, nodeFiles, wasmBackend } from 'trex-sim';

const matrix = { rows: 64, cols: 16, tokens: 8, density: 0.5, signed: false, written: false };
const crossbars = { tech: 'trex-fefet-32nm', set: [], device: { adcBits: 7 } };
const { rmse, snr_dB } = await mvm(
  { ...matrix, ...crossbars, weightBits: 8, inputBits: 8, trials: 2, seed: 1 },
  { files: nodeFiles, backend: () => wasmBackend() },
);
console.log(rmse.mean, snr_dB?.mean); // steps of the integer product; dB
