/** Training runs: they learn, repeat to the bit, resume, stop, and say what is wrong. */
import test from 'ava';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { startThreads } from '../../src/train/node/threads.ts';
import type { TrainOptions, TrainResult } from '../../src/train/options.ts';
import { predict, scoresOf } from '../../src/train/predict.ts';
import { train } from '../../src/train/train.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { loadWeights } from '../../src/workload/import/load-weights.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { reusePlan } from '../../src/workload/reuse.ts';
import { strokes, strokeVit, texts, wordBert } from './tasks.ts';

const quick = { epochs: 2, batch: 16, rate: 3e-3 };

const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  model: strokeVit(),
  data: strokes(80, 1),
  validation: strokes(40, 2),
  seed: 1,
  recipe: quick,
  ...more,
});

/** All weights, as bytes. */
const bytesOf = ({ graph, weights }: TrainResult): Uint8Array =>
  writeSafetensors(weightTensors(graph, weights));

test('a tiny ViT learns strokes that are new to it', async t => {
  const result = await train(
    options({ data: strokes(600, 1), recipe: { epochs: 12, batch: 32, rate: 3e-3 } }),
  );
  t.is(result.ending, 'done');
  t.true(result.accuracy! > 0.95, `${result.accuracy}`);
  t.true(result.lossHistory.at(-1)! < 0.3 * result.lossHistory[0]);
});

test('a tiny BERT learns texts of different lengths', async t => {
  const result = await train({
    model: wordBert(),
    data: texts(800, 1),
    validation: texts(200, 2),
    seed: 1,
    recipe: { epochs: 15, batch: 32, rate: 3e-3, warmup: 2 },
  });
  t.true(result.accuracy! > 0.9, `${result.accuracy}`);
});

test('padding changes nothing: a padded text has the logits of the text alone', async t => {
  const data = texts(12, 3);
  const model = wordBert();
  const { graph, weights } = await train({ model, data, seed: 1, recipe: { epochs: 1 } });
  const { logits } = await predict(graph, weights, data);
  for (const [i, length] of data.lengths!.entries()) {
    const words = (data.inputs as Int32Array).slice(i * 8, i * 8 + length);
    const alone = await predict(buildGraph(model, { tokens: length }), weights, {
      inputs: words,
      labels: data.labels.slice(i, i + 1),
    });
    for (let j = 0; j < 2; j++) t.true(Math.abs(alone.logits[j] - logits[2 * i + j]) < 1e-5);
  }
});

test('the same seed gives the same weights on any number of threads, another seed does not', async t => {
  const one = bytesOf(await train(options()));
  t.deepEqual(bytesOf(await train(options({ threads: 3, startHelpers: startThreads }))), one);
  t.notDeepEqual(bytesOf(await train(options({ seed: 2 }))), one);
});

test('a run that is interrupted and resumed ends with the same bytes', async t => {
  const recipe = { ...quick, epochs: 3 };
  const whole = await train(options({ recipe }));
  let saved: Uint8Array | undefined;
  const checkpoint = {
    save: (state: Uint8Array) => {
      saved = state;
    },
    load: () => saved,
  };
  const abort = new AbortController();
  const first = await train(options({ recipe }), {
    checkpoint,
    signal: abort.signal,
    onProgress: ({ step }) => {
      // In the middle of the second epoch.
      if (step === 8) abort.abort();
    },
  });
  t.is(first.ending, 'interrupted');
  t.is(first.history.length, 1);
  const second = await train(options({ recipe }), { checkpoint });
  t.is(second.ending, 'done');
  t.deepEqual(bytesOf(second), bytesOf(whole));
  t.deepEqual(second.history, whole.history);
  // Once more, from the end: nothing is left to do.
  t.deepEqual(bytesOf(await train(options({ recipe }), { checkpoint })), bytesOf(whole));
  await t.throwsAsync(train(options({ recipe: { ...recipe, rate: 1e-3 } }), { checkpoint }), {
    message: /other data or settings/,
  });
  saved = saved!.slice(0, 100);
  await t.throwsAsync(train(options({ recipe }), { checkpoint }), { message: /checkpoint: / });
});

test('a loss that is no number stops the run with the weights of the epoch before', async t => {
  const data = strokes(80, 1);
  const good = await train(options({ data, recipe: { ...quick, epochs: 2 } }));
  const bad = await train(options({ data, recipe: { ...quick, epochs: 2 } }), {
    onProgress: ({ epoch }) => {
      if (epoch === 2) data.inputs.fill(Number.NaN);
    },
  });
  t.is(bad.ending, 'diverged');
  t.is(bad.epoch, 1);
  t.deepEqual(bad.history, good.history.slice(0, 1));
  t.true(bad.weights.linear('e0.q').weight.every(Number.isFinite));
});

test('training stops early when the validation result has not become better for some epochs', async t => {
  const { ending, history, epoch } = await train(
    options({ recipe: { ...quick, epochs: 50, rate: 0, patience: 3 } }),
  );
  t.is(ending, 'early');
  t.deepEqual([history.length, epoch], [4, 1]);
});

test('a trained network goes into a safetensors file and runs in the executor', async t => {
  const reuse = reusePlan([1], 2);
  const validation = strokes(20, 9);
  const result = await train(options({ reuse, validation }));
  const { tensors } = parseSafetensors(bytesOf(result));
  const { weights } = loadWeights(tensors, result.graph);
  const { logits } = await predict(result.graph, result.weights, validation);
  t.is(scoresOf(logits, validation.labels).accuracy, result.accuracy!);
  const network = prepare(result.graph, weights);
  for (let i = 0; i < 20; i++) {
    const image = (validation.inputs as Float32Array).slice(i * 64, (i + 1) * 64);
    const { data } = (await network.run({ image })).logits;
    t.true(Math.abs(data[0] - logits[2 * i]) < 1e-5 && Math.abs(data[1] - logits[2 * i + 1]) < 1e-5);
  }
});

test('a reuse network starts from the base network, its transformation blocks apart', async t => {
  const base = await train(options());
  const still = { ...quick, epochs: 1, rate: 0, weightDecay: 0 };
  const known = { model: strokeVit(), weights: base.weights };
  const reused = await train(
    options({ reuse: reusePlan([1], 2), base: known, recipe: still, teacher: known }),
  );
  t.deepEqual(reused.weights.linear('e1.fc1'), base.weights.linear('e1.fc1'));
  t.deepEqual(reused.weights.rows('embedding.position'), base.weights.rows('embedding.position'));
  t.true(reused.weights.linear('e1.transform').weight.some(w => w !== 0));
  t.throws(() => reused.weights.linear('e1.q'));
  await t.throwsAsync(train(options({ model: strokeVit({ dim: 24 }), base: known })), {
    message: /stem.patch: tiny learns 384 values there, the network that it starts from has 256/,
  });
});

test('a teacher changes the loss, by its labels and by its class tokens', async t => {
  const teacher = { model: strokeVit(), weights: (await train(options())).weights };
  const first = async (recipe: object, more: Partial<TrainOptions> = {}): Promise<number> =>
    (await train(options({ recipe: { ...quick, epochs: 1, ...recipe }, ...more }))).lossHistory[0];
  const plain = await first({});
  const soft = await first({ softLabels: 1, featureLoss: 0 }, { teacher });
  const both = await first({ softLabels: 1, featureLoss: 1 }, { teacher });
  t.true(soft > plain + 0.1);
  t.not(both, soft);
  // Known answers are those of a teacher that is asked anew.
  const data = strokes(80, 2);
  const again = await first({ softLabels: 1, featureLoss: 1 }, { teacher, data });
  t.is(await first({ softLabels: 1, featureLoss: 1 }, { teacher, data }), again);
  t.is(await first({ softLabels: 1, featureLoss: 1 }, { teacher: { ...teacher }, data }), again);
  await t.throwsAsync(first({}, { teacher: { ...teacher, model: strokeVit({ dim: 24 }) } }), {
    message: /class tokens of 24 values, not 16/,
  });
});

test('a share of the data is drawn by the seed; images may be changed on their way in', async t => {
  const steps: number[] = [];
  let changed = 0;
  await train(
    options({
      recipe: { ...quick, epochs: 1, fraction: 0.2 },
      augment: (image, random) => {
        image[0] += random();
        changed++;
      },
    }),
    { onProgress: ({ steps: all }) => steps.push(all) },
  );
  t.is(steps[0], 1);
  t.is(changed, 16);
});

test('data that no network can learn from are refused', async t => {
  const data = strokes(10, 1);
  const refused = (more: Partial<TrainOptions>, message: RegExp) =>
    t.throwsAsync(train(options(more)), { message });
  await refused(
    { data: { ...data, labels: new Int32Array(10) } },
    /all 10 labels are class 0: nothing to learn/,
  );
  await refused(
    { data: { ...data, labels: Int32Array.of(0, 1, 2, 0, 0, 0, 0, 0, 0, 0) } },
    /label 2 of sample 2/,
  );
  await refused({ data: { inputs: data.inputs.slice(1), labels: data.labels } }, /10 x 64 input values/);
  await refused({ data: { inputs: new Float32Array(0), labels: new Int32Array(0) } }, /no samples/);
  await refused({ data: texts(10, 1) }, /input values|runs on images/);
  const words = texts(10, 1);
  words.inputs[0] = 99;
  await t.throwsAsync(train({ model: wordBert(), data: words, seed: 1 }), {
    message: /word 99 of sample 0, but tiny has a vocabulary of 12/,
  });
  await t.throwsAsync(
    train({ model: wordBert({ pooler: 'none', classes: undefined }), data: texts(10, 1), seed: 1 }),
    { message: /no classifier to train/ },
  );
});

test('networks whose parts have no derivative here are refused by name', async t => {
  const pruning = { by: 'halting', before: [1], keep: [0.5] };
  await t.throwsAsync(train(options({ model: strokeVit({ pruning }) })), {
    message:
      /training knows no derivative of halting1.keep of tiny \(family vit\), train it elsewhere: a choice by scores of its own/,
  });
});

for (const by of ['attention', 'predictor'])
  test(`a network whose patches go by ${by} learns too`, async t => {
    const pruning = { by, before: [1], keep: [0.7] };
    const { accuracy } = await train(
      options({
        model: strokeVit({ pruning }),
        data: strokes(600, 1),
        recipe: { epochs: 12, batch: 32, rate: 3e-3 },
      }),
    );
    t.true(accuracy! > 0.95, `${accuracy}`);
  });
