/** Whole networks in training: what they compute is what the executor computes, and their derivatives are those of a float64 network. */
import test from 'ava';
import { gaussianStream } from '../../src/base/random.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { copyWeights, weightsOf } from '../../src/train/network/parameter-vector.ts';
import { startThreads } from '../../src/train/node/threads.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { reusePlan } from '../../src/workload/reuse.ts';
import { bert, vit } from '../numerics/execute/oracle-networks.ts';
import { tinyBert, tinyVit } from '../numerics/execute/tiny.ts';
import { anyBatch, type Batch, engineOn, gradientOf } from './runs.ts';

/** Of finite differences. */
const STEP = 2 ** -12;

const graphOf = (model: ModelConfig, reuse: number[] = []): Graph =>
  buildGraph(model, { reuse: reusePlan(reuse, model.encoders) });

const small = { imageSize: 8, mlpRatio: 1 };
const text = { tokens: 5, pooler: 'run', activation: 'gelu-tanh', mlpRatio: 1 };

const NETWORKS: Record<string, Graph> = {
  ViT: graphOf(tinyVit(small)),
  'ViT with reuse encoders that share one attention output': graphOf(
    tinyVit({ ...small, encoders: 4, activation: 'gelu-tanh' }),
    [1, 2],
  ),
  'DeiT with two heads, no bias of Q, K, V': graphOf(
    tinyVit({ distilled: true, activation: 'gelu-tanh', qkvBias: false }),
  ),
  'ViT of odd sizes with ReLU': graphOf(
    tinyVit({ dim: 21, heads: 3, mlpRatio: 3, activation: 'relu', classes: 11, inChannels: 1 }),
  ),
  'ViT whose patches go by the attention of the class token, twice': graphOf(
    tinyVit({
      mlpRatio: 1,
      encoders: 5,
      pruning: { by: 'attention', before: [1, 4], keep: [0.7, 0.4] },
    }),
    [2],
  ),
  'ViT with sigmoid attention, one of three encoders reusing': graphOf(
    tinyVit({ ...small, encoders: 3, attention: { kind: 'sigmoid' } }),
    [2],
  ),
  'BERT with a classifier': graphOf(tinyBert({ ...text, classes: 2 })),
  'BERT with reuse encoders': graphOf(tinyBert({ ...text, classes: 3, encoders: 3 }), [1, 2]),
};

/** Mean cross-entropy in float64. */
function referenceLoss(graph: Graph, batch: Batch, weights: Parameters<typeof vit>[1]): number {
  const { model } = graph;
  const reuse = [...graph.reuse.encoders];
  let sum = 0;
  for (const [i, label] of batch.labels.entries()) {
    const [logits] =
      model.family === 'vit'
        ? vit(model, weights, batch.images![i], reuse)
        : bert(model as never, weights, batch.words![i], batch.types![i], reuse);
    const largest = Math.max(...logits);
    sum += largest + Math.log(logits.reduce((s, v) => s + Math.exp(v - largest), 0)) - logits[label];
  }
  return sum / batch.labels.length;
}

for (const [name, graph] of Object.entries(NETWORKS)) {
  test(`${name}: logits equal the executor's to 1e-5`, async t => {
    const weights = randomWeights(graph, 3);
    const batch = anyBatch(graph, 5, 1);
    const engine = await engineOn(graph, weights, { batch: 5 });
    const { logits } = await gradientOf(engine, batch);
    const network = prepare(graph, weights);
    for (const [i, got] of logits.entries()) {
      const input = batch.images
        ? { image: batch.images[i] }
        : { words: batch.words![i], types: batch.types![i] };
      const want = (await network.run(input)).logits.data;
      const largest = Math.max(...want.map(Math.abs));
      for (const [j, v] of want.entries()) t.true(Math.abs(got[j] - v) <= 1e-5 * largest, `${got[j]} ${v}`);
    }
  });

  test(`${name}: derivatives equal finite differences of a float64 network`, async t => {
    const batch = anyBatch(graph, 2, 2);
    const engine = await engineOn(graph, randomWeights(graph, 5), { batch: 2 });
    const { gradient, loss } = await gradientOf(engine, batch);
    const { parameters } = engine.layout;
    const vector = engine.vector.slice();
    const weights = weightsOf(graph, parameters, vector);
    t.true(Math.abs(loss - referenceLoss(graph, batch, weights)) < 1e-5);
    const next = gaussianStream(1, 'direction');
    for (const { key, offset, size } of parameters.arrays.values()) {
      // Along one random direction through all values of the array.
      const own = vector.slice(offset, offset + size);
      const direction = Float32Array.from(own, () => next() / Math.sqrt(size));
      const at = (shift: number): number => {
        for (const [i, v] of own.entries()) vector[offset + i] = v + shift * direction[i];
        return referenceLoss(graph, batch, weights);
      };
      const below = at(-STEP);
      const start = vector.slice(offset, offset + size);
      const want = at(STEP) - below;
      // What was really gone, in float32.
      let got = 0;
      let scale = 0;
      for (const [i, v] of start.entries()) {
        const share = gradient[offset + i] * (vector[offset + i] - v);
        got += share;
        scale += share ** 2;
      }
      vector.set(own, offset);
      t.true(Math.abs(got - want) < 6e-5 * STEP + 3e-4 * Math.sqrt(scale), `${key}: ${got}, ${want}`);
    }
  });
}

test('threads change no bit', async t => {
  const graph = graphOf(tinyVit({ encoders: 3 }), [2]);
  const weights = randomWeights(graph, 1);
  const batch = anyBatch(graph, 13, 4);
  const alone = await engineOn(graph, weights, { batch: 16 });
  const together = await engineOn(graph, weights, { batch: 16, threads: 3, start: startThreads });
  const [one, three] = [await gradientOf(alone, batch), await gradientOf(together, batch)];
  t.deepEqual(three, one);
  await together.close();
});

test('weights go into the vector and come out again', async t => {
  const graph = NETWORKS['BERT with reuse encoders'];
  const weights = randomWeights(graph, 2);
  const engine = await engineOn(graph, weights, { batch: 1 });
  const out = weightsOf(graph, engine.layout.parameters, engine.vector);
  t.deepEqual(out.linear('e1.transform'), weights.linear('e1.transform'));
  t.deepEqual(out.embedding('embedding'), weights.embedding('embedding'));
  const copy = new Float32Array(engine.layout.parameters.size);
  copyWeights(graph, engine.layout.parameters, out, copy);
  t.deepEqual(copy, engine.vector.slice());
});
