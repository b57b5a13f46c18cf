/** Our trainer as the optimiser uses it: crossbars of every layer, pruned tokens, and losses that are no number. */
import test from 'ava';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { gaussianStream } from '../../src/base/random.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import { EvaluationFailed, type EvaluationHooks, type EvaluationJob } from '../../src/optimize/evaluator.ts';
import { trainingEvaluator } from '../../src/optimize/training-evaluator.ts';
import { loadArch } from '../../src/run/node/load.ts';
import type { Devices } from '../../src/tech/devices.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { noReuse, reusePlan } from '../../src/workload/reuse.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';

const model = tinyVit({ encoders: 3, inChannels: 1, classes: 3 });
const next = gaussianStream(1, 'evaluator');
const data = {
  inputs: Float32Array.from({ length: 24 * 144 }, next),
  labels: Int32Array.from({ length: 24 }, (_, i) => i % 3),
};
const graph = buildGraph(model);
const base = writeSafetensors(weightTensors(graph, randomWeights(graph, 1)));
const hooks: EvaluationHooks = {
  checkpoint: { load: () => undefined, save: () => {} },
  onStep: () => {},
  pause: async () => {},
};
const job: EvaluationJob = {
  id: 'a',
  stage: 'partial',
  plan: reusePlan([2], 3),
  fraction: 1,
  epochs: 1,
  variation: false,
  seed: 1,
};
const { devices } = loadArch('trex').arch;
const sram = loadArch('trex', { tech: 'trex-sram-32nm' }).arch.devices.static;

function evaluator(own: Devices = devices, rate = 1e-3, encoding: 'offset' | 'differential' = 'offset') {
  return trainingEvaluator({
    model,
    data,
    validation: data,
    recipe: { batch: 8, rate },
    baseWeights: () => base,
    variation: of => ({ ...crossbarDevices(own, { encoding }, of), backend: referenceBackend() }),
  });
}
const lossOf = async (one: ReturnType<typeof evaluator>, more: Partial<EvaluationJob> = {}) =>
  (await one.evaluate({ ...job, ...more }, hooks)).loss;

test('noise in training is that of the device and of the encoding of each layer', async t => {
  const noisy = { variation: true } as const;
  const layers = [{ match: 'e2.transform', device: sram }];
  const losses = [
    await lossOf(evaluator(), noisy),
    await lossOf(evaluator(devices, 1e-3, 'differential'), noisy),
    await lossOf(evaluator({ ...devices, layers }), noisy),
    await lossOf(evaluator({ ...devices, layers: [{ match: '*', device: sram }] }), noisy),
    await lossOf(evaluator()),
  ];
  t.is(new Set(losses).size, losses.length);
  t.true(losses.every(Number.isFinite));
});

test('a job with pruned tokens trains the network that prunes', async t => {
  const pruning = { by: 'attention', before: [1], keep: [0.3] } as const;
  t.not(await lossOf(evaluator(), { pruning }), await lossOf(evaluator()));
  const noisy = await lossOf(evaluator(), { pruning, variation: true });
  t.true(Number.isFinite(noisy) && noisy !== (await lossOf(evaluator(), { pruning })));
  const later = { ...pruning, before: [2] };
  await t.throwsAsync(lossOf(evaluator(), { pruning: later }), { message: /encoder 2 has 4 tokens/ });
});

test('a candidate whose loss is no number fails with its epoch and what may help', async t => {
  const { inputs, labels } = data;
  const bad = trainingEvaluator({
    model,
    data: { inputs: inputs.map(() => Number.NaN), labels },
    validation: data,
    recipe: { batch: 8 },
    baseWeights: () => base,
  });
  const error = await t.throwsAsync(lossOf(bad), { instanceOf: EvaluationFailed });
  t.is(error.message, 'its loss was no number any more in epoch 1: a lower learning rate may help');
});

test('a run that breaks after some epochs keeps the last good ones, and says so', async t => {
  const own = { ...data, inputs: data.inputs.slice() };
  const breaking = trainingEvaluator({
    model,
    data: own,
    validation: data,
    recipe: { batch: 8 },
    baseWeights: () => base,
  });
  let saved = 0;
  const last: EvaluationJob = { ...job, stage: 'final', plan: noReuse, epochs: 4 };
  const result = await breaking.evaluate(last, {
    ...hooks,
    checkpoint: {
      load: () => undefined,
      save: () => {
        if (++saved === 2) own.inputs.fill(Number.NaN);
      },
    },
  });
  t.is(result.lossHistory.length, 2);
  t.true(result.weights !== null);
  t.regex(
    result.warnings[0],
    /^the loss was no number any more in epoch 3: the weights are those of epoch [12]$/,
  );
});
