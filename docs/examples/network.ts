import {
  buildGraph,
  calibrateOn,
  calibratorOf,
  crossbarDevices,
  loadModel,
  loadTech,
  prepare,
  randomWeights,
  wasmBackend,
} from 'trex-sim';

const graph = buildGraph(loadModel('glyph-vit').model);
// Or those of a file: loadWeights(parseSafetensors(bytes).tensors, graph).weights
const weights = randomWeights(graph, 1);
// Of 20 x 20 pixels; channels x height x width, normalised as in training.
const inputs = [0.1, 0.2].map(step => ({
  image: Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * step)),
}));
const exact = await prepare(graph, weights).run(inputs[0]);

const source = { graph: () => graph, weights: () => weights };
const widths = { weightBits: 8, inputBits: 8 };
const calibration = await calibrateOn(source, inputs, calibratorOf('percentile'), widths);
const backend = await wasmBackend();
const crossbars = crossbarDevices(loadTech('trex-hybrid-32nm').devices!, { adcBits: 7 }, graph);
const network = prepare(graph, weights, {
  compute: 'analog',
  quantisation: { calibration, ...widths },
  analog: { backend, seed: 1, draw: 0, ...crossbars },
});
const { logits, snr } = await network.run(inputs[0], { snrAgainst: 'int8' });
network.dispose();
await backend.dispose();
console.log(exact.logits.data, logits.data, snr[0].snr_dB);
