/** The library through its one door, as docs/numerics.md shows it: weights in, logits out, exact and on crossbars. */
import test from 'ava';
import * as trex from '../src/index.node.ts';
import { anyImage, tinyVit } from './numerics/execute/tiny.ts';

const model = tinyVit();
const images = [1, 2, 3].map(seed => anyImage(model, seed));
const inputs = images.map(image => ({ image }));

/** A checkpoint in memory, read back as a file would be. */
function checkpoint() {
  const graph = trex.buildGraph(model);
  const file = trex.writeSafetensors(trex.weightTensors(graph, trex.randomWeights(graph, 1)));
  return { graph, weights: trex.loadWeights(trex.parseSafetensors(file).tensors, graph).weights };
}

test('a checkpoint runs exactly, in integers and on the crossbars of a technology', async t => {
  const { graph, weights } = checkpoint();
  const exact = await trex.prepare(graph, weights).run(inputs[0]);
  t.deepEqual([exact.logits.rows, exact.logits.columns], [1, model.classes]);

  const source = { graph: () => graph, weights: () => weights };
  const widths = { weightBits: 8, inputBits: 8 };
  const calibration = await trex.calibrateOn(source, inputs, trex.calibratorOf('percentile'), widths);
  const quantisation = { calibration, ...widths };
  const int8 = await trex.prepare(graph, weights, { compute: 'int8', quantisation }).run(inputs[0]);

  const run = async (tech: string, options: trex.DeviceOptions, backend: trex.MvmBackend) => {
    const crossbars = trex.crossbarDevices(trex.loadTech(tech).devices!, options);
    const analog = { backend, seed: 1, ...crossbars };
    const network = trex.prepare(graph, weights, { compute: 'analog', quantisation, analog });
    const { logits, snr } = await network.run(inputs[0], { snrAgainst: 'int8' });
    network.dispose();
    await backend.dispose();
    return { logits: [...logits.data], snr };
  };
  const lossless = await run('trex-sram-32nm', { adcBits: 7 }, trex.referenceBackend());
  t.deepEqual(lossless.logits, [...int8.logits.data], 'an array without any error is the integers');
  const wasm = await run('trex-hybrid-32nm', {}, await trex.wasmBackend({ threads: 1 }));
  const plain = await run('trex-hybrid-32nm', {}, trex.referenceBackend());
  t.deepEqual(wasm, plain, 'every back end gives the same bits');
  t.true(plain.snr.length > 0 && plain.snr.every(layer => layer.snr_dB < 60));
});

test('one matrix on one array, with a noise model of its own', async t => {
  const spec: trex.MvmSpec = {
    rows: 4,
    cols: 2,
    arrayRows: 4,
    cellBits: 2,
    weightBits: 4,
    inputBits: 2,
    signedInput: false,
    encoding: 'differential',
    adc: { bits: 4, levelsPerLsb: 'lossless' },
    strip: 16,
  };
  const weights = [1, -2, 3, 4, -5, 6, 7, 0];
  const backend = trex.referenceBackend();
  const product = async (noise: trex.NoiseModel) => {
    const handle = await backend.load(trex.program(weights, spec, noise, trex.streamKey(1, 'cells')));
    return [
      ...(await trex.multiply(backend, {
        handle,
        x: Uint8Array.of(1, 2, 3, 0),
        tokens: 1,
        key: trex.streamKey(1, 'reads'),
      })),
    ];
  };
  // 1 + 2 x 3 - 3 x 5 and -2 + 2 x 4 + 3 x 6.
  t.deepEqual(await product(trex.IDEAL), [-8, 24]);
  t.notDeepEqual(await product({ stuck: { on: 0.5, off: 0 } }), [-8, 24]);
});

test('errors are of one class with the exit code that the command line would give', t => {
  const error = t.throws(() => trex.parseSweep('acd=4..8'), { instanceOf: trex.TrexError });
  t.is(error?.exitCode, trex.EXIT.usage);
});
