/** The search as one call of the library: without files, and going on from a store. */
import test from 'ava';
import { gaussianStream } from '../../src/base/random.ts';
import { memoryStore, predictionQuality, type SearchOptions, search } from '../../src/index.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { designOf } from '../../src/search/design.ts';
import { designSpace } from '../../src/search/space.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { reuseSpace } from '../../src/workload/reuse-space.ts';
import { failure } from '../arch/fixtures.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';

const model = tinyVit({ encoders: 3, inChannels: 1, classes: 3 });
const next = gaussianStream(1, 'search');
const data = {
  inputs: Float32Array.from({ length: 24 * 144 }, next),
  labels: Int32Array.from({ length: 24 }, (_, i) => i % 3),
};
const graph = buildGraph(model);
const technology = (name: string) => ({ name, arch: loadArch('trex', { tech: name }).arch });
const technologies = ['fefet-32nm', 'sram-32nm'].map(technology);
const axes = { encoders: 3, able: [1, 2], adcBits: [6], keep: [1] };
const options: SearchOptions = {
  model,
  arch: technologies[0].arch,
  space: designSpace(technologies, axes),
  weights: { name: 'tiny', bytes: writeSafetensors(weightTensors(graph, randomWeights(graph, 1))) },
  train: data,
  validation: data,
  samples: 2,
  fraction: 1,
  partialEpochs: 1,
  recipe: { batch: 8 },
  images: 2,
  keepImages: 2,
  device: {},
  seed: 1,
  population: 4,
  generations: 1,
  openBackend: async () => referenceBackend(),
};

test('a front of plain data; a store that knows everything gives it again without training or measuring', async t => {
  const store = memoryStore();
  const first = await search({ ...options, store });
  t.true(first.front.length > 0 && first.samples.length === 2);
  t.deepEqual(first.quality, predictionQuality(first.samples, first.leftOut));
  t.deepEqual(JSON.parse(JSON.stringify(first)), first);
  const known = [store.outcomes.size, store.measured.size];
  const again = await search({
    ...options,
    store: { ...store, finish: () => t.fail(), checkpoint: () => t.fail() as never },
  });
  t.deepEqual(again, first);
  t.deepEqual([store.outcomes.size, store.measured.size], known);
});

test('a network that prunes by itself is searched over the encoders that can reuse', async t => {
  const pruning = { by: 'attention', before: [2], keep: [0.5] };
  const own = tinyVit({ encoders: 4, inChannels: 1, classes: 3, pruning });
  const { able } = reuseSpace(own);
  t.deepEqual(able, [1, 3]);
  const whole = buildGraph(own);
  const space = designSpace(technologies, { encoders: 4, able, adcBits: [6], keep: [1] });
  const weights = { name: 'pruned', bytes: writeSafetensors(weightTensors(whole, randomWeights(whole, 1))) };
  const { samples, uniform, evaluated, front } = await search({ ...options, model: own, space, weights });
  t.true(samples.length > 0 && front.length > 0);
  t.deepEqual(
    uniform.map(({ plan }) => plan.encoders),
    [[], [3], [1], [1, 3]],
  );
  const reused = evaluated.map(({ genome }) => designOf(genome, space).plan.encoders);
  t.true(reused.flat().every(e => able.includes(e)));
  // An encoder of more tokens saves more: each has a price of its own.
  t.true(uniform[2].latency_s < uniform[1].latency_s);
});

test('technologies that a search cannot vary are no space', t => {
  for (const [name, why] of [
    ['trex-fefet-32nm', /^--tech trex-fefet-32nm: has published totals/],
    ['hybrid-32nm', /^--tech hybrid-32nm: is a hybrid/],
  ] as const)
    t.regex(failure(() => designSpace([technology(name)], axes)).message, why);
});
