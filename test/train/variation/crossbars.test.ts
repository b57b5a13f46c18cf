/** The crossbars of training against the exact functional core. */
import test from 'ava';
import { streamKey, uniformStream } from '../../../src/base/random.ts';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { CrossbarDevice } from '../../../src/numerics/execute/crossbar-device.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { multiply } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { percentile } from '../../../src/numerics/quantize/percentile.ts';
import { startThreads } from '../../../src/train/node/threads.ts';
import { train } from '../../../src/train/train.ts';
import { calibrateCrossbars } from '../../../src/train/variation/calibrate.ts';
import { cellDeviations } from '../../../src/train/variation/cell-deviation.ts';
import { columnError } from '../../../src/train/variation/column-error.ts';
import { putCells, putKeys } from '../../../src/train/variation/draw.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { tinyVit } from '../../numerics/execute/tiny.ts';
import { anyBatch, engineOn, gradientOf, PLAIN, putBatch } from '../runs.ts';
import { strokes, strokeVit } from '../tasks.ts';

let backend: MvmBackend;
test.before(async () => {
  backend = await wasmBackend({ threads: 1 });
});

const fefet = (written: boolean, adcBits = 6): CrossbarDevice => ({
  arrayRows: 64,
  cellBits: 2,
  encoding: 'offset',
  adc: { bits: adcBits, levelsPerLsb: adcBits >= 8 ? 'lossless' : 'full-scale' },
  noise: {
    onOff: { ratio: 100, reference: 'column' },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
    ...(written && { write: { kind: 'clipformer' as const, gamma: 1, sigma: 0.2 } }),
  },
});

test('training is for single input bits: a device with several a step is refused by its field', t => {
  t.throws(() => cellDeviations({ ...fefet(false), inputBitsPerStep: 4 }, 8), {
    message: /^training does not model inputs of 4 bits a step: --set tech.inputBitsPerStep=1/,
  });
});

for (const encoding of ['offset', 'differential'] as const)
  for (const written of [false, true])
    test(`deviations of cells are those of programmed cells: ${encoding}, written at run time: ${written}`, async t => {
      const device = { ...fefet(written, 8), encoding };
      const deviations = cellDeviations(device, 8);
      // A converter of fine steps shows the weight that a row of cells holds.
      const adc = { bits: 14, levelsPerLsb: { levels: 1, steps: 1024 } };
      const spec = { ...device, adc, rows: 3, arrayRows: 3, cols: 2000, weightBits: 8, inputBits: 1 };
      // Beside the largest and the smallest weight, so that no sum comes near the end of the converter's range.
      const beside = [127, -127];
      for (const weight of [-127, -40, 0, 1, 77, 127]) {
        const weights = [weight, ...beside].flatMap(w => Array.from({ length: 2000 }, () => w));
        const key = streamKey(1, 'cells', weight);
        const cells = program(weights, { ...spec, signedInput: false, strip: 1 }, device.noise, key);
        const got = Float64Array.from(
          await multiply(backend, {
            handle: await backend.load(cells),
            x: Uint8Array.of(1, 1, 1),
            tokens: 1,
            key,
          }),
        );
        const mean = got.reduce((s, v) => s + v, 0) / got.length;
        const sigma = Math.sqrt(got.reduce((s, v) => s + (v - mean) ** 2, 0) / got.length);
        const want = Math.hypot(...[weight, ...beside].map(w => deviations[w + 127]));
        t.true(Math.abs(sigma / want - 1) < 0.06, `${weight}: ${sigma}, ${want}`);
      }
    });

/**
 * The error of a column by the textbook: a converter whose step stands for D levels errs by D^2 / 12 (Bennett, 1948) if its columns spread
 * over several steps, so a sum over row blocks t, slices s and planes b by
 * sigma^2 = blocks D^2 / 12 sum of 4^(c s) sum of p_b^2. Real planes are correlated and often nearly empty, which is why
 * training measures; with inputs and weights that use all codes alike the two agree.
 */
function uniformColumnSigma(spec: MvmSpec): number {
  const { blocks, levels, steps, sliceWeights, planeWeights } = planMvm(spec);
  const squares = (values: readonly number[]): number => values.reduce((sum, v) => sum + v * v, 0);
  return Math.sqrt(((blocks * (levels / steps) ** 2) / 12) * squares(sliceWeights) * squares(planeWeights));
}

test('where inputs and weights use all codes alike, the error of a column is the textbook one', async t => {
  const next = uniformStream(1, 'codes');
  const [rows, cols, tokens] = [128, 24, 40];
  const device: CrossbarDevice = { ...fefet(false), noise: {} };
  const weights = Int16Array.from({ length: rows * cols }, () => Math.floor(next() * 255) - 127);
  const codes = Int16Array.from({ length: rows * tokens }, () => Math.floor(next() * 256));
  const input = { bits: 8, signed: false, scale: 1, low: 0, high: 255 };
  const { sigma } = await columnError(
    { rows, cols, weightBits: 8, weights, input, codes },
    device,
    referenceBackend(),
    streamKey(1, 'error'),
  );
  const want = uniformColumnSigma({
    ...device,
    rows,
    cols,
    weightBits: 8,
    inputBits: 8,
    signedInput: false,
    strip: 1,
  });
  t.true(Math.abs(sigma / want - 1) < 0.1, `${sigma}, ${want}`);
});

test('an ideal array that loses nothing has no error', async t => {
  const device: CrossbarDevice = { ...fefet(false, 8), noise: {} };
  const product = {
    rows: 2,
    cols: 3,
    weightBits: 8,
    weights: Int16Array.of(1, 2, 3, -4, 5, 6),
    input: { bits: 8, signed: true, scale: 1, low: -128, high: 127 },
    codes: Int16Array.of(-3, 100),
  };
  const error = await columnError(product, device, referenceBackend(), streamKey(1, 'none'));
  t.deepEqual([[...error.means], error.sigma], [[0, 0, 0], 0]);
});

test('noise that training does not model is refused', t => {
  const device = { ...fefet(false), noise: { stuck: { off: 0.01, on: 0.01 } } };
  t.throws(() => cellDeviations(device, 8), { message: /does not model the noise term stuck/ });
});

for (const bits of [6, 8])
  test(`every matmul has the signal-to-noise ratio of the functional core, ADC of ${bits} bits`, async t => {
    const graph = buildGraph(tinyVit({ dim: 24, heads: 2, imageSize: 16, classes: 60 }));
    const weights = randomWeights(graph, 4);
    const samples = 16;
    const batch = anyBatch(graph, samples, 1);
    const devices = { static: fefet(false, bits), dynamic: fefet(true, bits) };
    const analog = { backend, seed: 3, ...devices };
    const images = batch.images!.map(image => ({ image }));
    const calibration = await calibrate(prepare(graph, weights), images, percentile());
    const core = prepare(graph, weights, { compute: 'analog', quantisation: { calibration }, analog });

    const engine = await engineOn(graph, weights, { batch: samples, variation: true });
    const variation = { ...devices, backend };
    putCells(engine, variation);
    putBatch(engine, batch);
    await calibrateCrossbars(engine, variation, samples, 1);
    putKeys(engine, 1, 'test', 0);
    await engine.run({ kind: 'pack', noisy: true, high: 127 });
    const noisy = engine.program;
    const ids = engine.layout.matmuls.map(op => op.id);
    const outputs = new Map<string, Float32Array[]>(ids.map(id => [id, []]));
    const { chunkSamples } = engine.layout;
    for (let first = 0; first < samples; first += chunkSamples) {
      const count = Math.min(chunkSamples, samples - first);
      noisy.forward({ first, samples: count, part: 0, before: first, gradients: 0, noisy: true });
      for (const id of ids) {
        const { at, rows, columns } = noisy.output(id);
        for (let i = 0; i < count; i++)
          outputs.get(id)!.push(engine.view(at + i * rows * columns * 4, rows * columns).slice());
      }
    }
    // Both against the float network: so errors that pile up are compared, too.
    const exact = prepare(graph, weights);
    const power = new Map(ids.map(id => [id, { signal: 0, core: 0, training: 0 }]));
    for (const [i, input] of images.entries()) {
      const [want, got] = [
        await exact.run(input, { taps: ids }),
        await core.run(input, { taps: ids, image: i }),
      ];
      for (const id of ids) {
        const sums = power.get(id)!;
        for (const [j, v] of want.taps.get(id)!.data.entries()) {
          sums.signal += v ** 2;
          sums.core += (got.taps.get(id)!.data[j] - v) ** 2;
          sums.training += (outputs.get(id)![i][j] - v) ** 2;
        }
      }
    }
    for (const [id, { core: theirs, training }] of power)
      t.true(
        Math.abs(10 * Math.log10(training / theirs)) < 2,
        `${id}: ${10 * Math.log10(training / theirs)} dB`,
      );
  });

test('without noise and with a lossless ADC training sees plain 8-bit operands', async t => {
  const graph = buildGraph(tinyVit());
  const engine = await engineOn(graph, randomWeights(graph, 1), { batch: 4, variation: true });
  const batch = anyBatch(graph, 4, 1);
  const ideal: CrossbarDevice = { ...fefet(false, 8), noise: {} };
  const variation = { static: ideal, backend };
  putCells(engine, variation);
  const float = await gradientOf(engine, batch);
  await calibrateCrossbars(engine, variation, 4, 1);
  const run = async (step: number): Promise<Float32Array> => {
    putKeys(engine, 1, 'test', step);
    await engine.run({ kind: 'pack', noisy: true, high: 127 });
    await engine.run({ kind: 'train', samples: 4, noisy: true, taught: false, loss: PLAIN });
    await engine.run({ kind: 'reduce' });
    return engine.view(engine.layout.gradient, engine.layout.parameters.size).slice();
  };
  const gradient = await run(0);
  t.deepEqual(await run(1), gradient);
  let [difference, size] = [0, 0];
  for (const [i, g] of float.gradient.entries()) {
    difference += (gradient[i] - g) ** 2;
    size += g ** 2;
  }
  t.true(difference > 0 && difference < 0.01 * size, `${difference / size}`);
});

test('training with crossbars in the loop makes a network that bears their noise better; threads change no bit', async t => {
  const variation = { static: fefet(false, 8), dynamic: fefet(true, 8), backend };
  const options = {
    model: strokeVit(),
    data: strokes(400, 1),
    validation: strokes(200, 2),
    seed: 1,
    recipe: { epochs: 10, batch: 32, rate: 3e-3 },
  };
  const base = await train(options);
  const known = { model: strokeVit(), weights: base.weights };
  // No learning: the base as the crossbars see it.
  const still = { ...options, base: known, variation, recipe: { epochs: 1, rate: 0 } };
  const tuning = { ...options, base: known, variation, recipe: { epochs: 5, rate: 2e-3, batch: 32 } };
  const [before, after] = [await train(still), await train(tuning)];
  t.true(after.history.at(-1)!.validationLoss! < before.history[0].validationLoss!);
  t.true(after.accuracy! >= before.accuracy!);
  const threaded = await train({ ...tuning, threads: 2, startHelpers: startThreads });
  t.deepEqual(threaded.history, after.history);
  t.deepEqual(threaded.weights.linear('e1.fc2'), after.weights.linear('e1.fc2'));
});
