/** Networks in integers: close to float32 at 8 bits, exactly the integers they should be, refused without calibration. */
import test from 'ava';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { ModelInput } from '../../../src/numerics/execute/input.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { snr_dB } from '../../../src/numerics/execute/snr.ts';
import { leastError } from '../../../src/numerics/quantize/least-error.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import type { Quantisation } from '../../../src/numerics/quantize/quantisation.ts';
import type { Calibrator } from '../../../src/numerics/quantize/range.ts';
import { buildGraph, type Graph } from '../../../src/workload/graph.ts';
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { anyIds, anyImage, tinyBert, tinyLvVit, tinyVit } from './tiny.ts';

const inputOf = (model: ModelConfig, seed: number): ModelInput =>
  'imageSize' in model
    ? { image: anyImage(model, seed) }
    : { words: anyIds(model.tokens, model.vocabulary, seed) };

async function quantised(
  graph: Graph,
  weights: ModelWeights,
  calibrator: Calibrator,
  options: Omit<Quantisation, 'calibration'> = {},
): Promise<Quantisation> {
  const inputs = [0, 1, 2].map(seed => inputOf(graph.model, seed));
  return {
    ...options,
    calibration: await calibrate(prepare(graph, weights), inputs, calibrator, options),
  };
}

/** SNR of the logits against float32 on the first calibration input, dB. */
async function logitSnr(
  model: ModelConfig,
  calibrator: Calibrator,
  options: Omit<Quantisation, 'calibration'> = {},
): Promise<number> {
  const graph = buildGraph(model);
  const weights = randomWeights(graph, 5);
  const quantisation = await quantised(graph, weights, calibrator, options);
  const int8 = prepare(graph, weights, { compute: 'int8', quantisation });
  const input = inputOf(model, 0);
  const [got, want] = [await int8.run(input), await prepare(graph, weights).run(input)];
  return snr_dB(got.logits, want.logits);
}

const wide = { dim: 48, heads: 4, encoders: 3 };

test('eight bits keep the logits of every family within a tenth of float32', async t => {
  for (const model of [
    tinyVit(wide),
    tinyVit({ ...wide, distilled: true }),
    tinyLvVit(wide),
    tinyBert(wide),
  ]) {
    for (const calibrator of [minMax, leastError]) {
      const snr = await logitSnr(model, calibrator);
      t.true(snr > 20, `${model.family}: ${snr} dB`);
    }
  }
});

test('each bit less costs, and one scale per channel is better than one per layer', async t => {
  const model = tinyVit(wide);
  const snr = (weightBits: number, inputBits: number) =>
    logitSnr(model, leastError, { weightBits, inputBits });
  t.true((await snr(8, 8)) > (await snr(6, 6)) + 6);
  t.true((await snr(6, 6)) > (await snr(4, 4)) + 6);
  t.true((await logitSnr(model, minMax, { weightBits: 5, perChannel: false })) < (await snr(5, 8)));
});

test('a layer whose values lie on the integer grid loses nothing', async t => {
  const model = tinyVit();
  const graph = buildGraph(model);
  for (const seed of [1, 2, 3, 4]) {
    const weights = onGrid(randomWeights(graph, seed));
    const image = anyImage(model, seed).map(v => Math.max(-127, Math.min(127, Math.round(v * 60))));
    image[0] = 127;
    const float = prepare(graph, weights);
    const quantisation = { calibration: await calibrate(float, [{ image }], minMax) };
    const mixed = prepare(graph, weights, { layers: { 'stem.patch': 'int8' }, quantisation });
    t.deepEqual((await mixed.run({ image })).logits, (await float.run({ image })).logits);
  }
});

/** Weights that are whole multiples of 1/8, every column reaching 127/8; no bias. */
function onGrid(weights: ModelWeights): ModelWeights {
  return {
    ...weights,
    linear(id) {
      const { weight, in: rows, out } = weights.linear(id);
      const grid = weight.map((v, i) =>
        i < out ? 127 / 8 : Math.round(Math.max(-1, Math.min(1, v)) * 127) / 8,
      );
      return { in: rows, out, weight: grid, bias: null };
    },
  };
}

test('what is never negative has all its codes above zero', async t => {
  const model = tinyVit({ activation: 'relu' });
  const graph = buildGraph(model);
  const { calibration } = await quantised(graph, randomWeights(graph, 2), minMax);
  t.is(calibration.inputs['e0.sv'].min, 0);
  t.true(calibration.inputs['e0.sv'].max <= 1);
  t.is(calibration.inputs['e0.fc2'].min, 0);
  t.true(calibration.inputs['e0.q'].min < 0);
  t.true(calibration.stationary['e0.qk'].min < 0);
});

test('per-layer SNR compares on the same operands, and lists what was not exact', async t => {
  const graph = buildGraph(tinyVit());
  const weights = randomWeights(graph, 2);
  const quantisation = await quantised(graph, weights, minMax);
  const network = prepare(graph, weights, { compute: 'int8', layers: { head: 'float32' }, quantisation });
  const { snr } = await network.run(inputOf(graph.model, 0), { snrAgainst: 'float32' });
  const matmuls = graph.ops.filter(op => op.kind === 'static' || op.kind === 'dynamic');
  t.deepEqual(
    snr.map(s => s.op),
    matmuls.map(op => op.id).filter(id => id !== 'head'),
  );
  for (const { op, snr_dB: value } of snr) t.true(value > 30 && Number.isFinite(value), `${op}: ${value}`);
});

test('integers without calibration, or of another graph, are refused', async t => {
  const graph = buildGraph(tinyVit());
  const weights = randomWeights(graph, 2);
  t.throws(() => prepare(graph, weights, { compute: 'int8' }), { message: /needs a quantisation/ });
  const quantisation = { calibration: { inputs: {}, stationary: {} } };
  t.throws(() => prepare(graph, weights, { compute: 'int8', quantisation }), {
    message: /stem\.patch was not calibrated/,
  });
  await t.throwsAsync(calibrate(prepare(graph, weights), [], minMax), { message: /at least one input/ });
});
