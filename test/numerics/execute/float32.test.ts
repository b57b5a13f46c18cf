/** Whole networks in float32 equal plain float64 implementations written from the papers. */
import test from 'ava';
import fc from 'fast-check';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { relativeError, toRows } from './oracle.ts';
import { bert, lvVit, vit } from './oracle-networks.ts';
import { anyIds, anyImage, tinyBert, tinyLvVit, tinyVit } from './tiny.ts';

/** The project's promise. Float32 rounding of a few layers is a few 1e-6, more where a LayerNorm has few, nearly equal values. */
const TOLERANCE = 1e-4;

/** Encoder stacks: heads that divide the width, and which encoders reuse. */
const stack = fc
  .record({
    encoders: fc.integer({ min: 1, max: 4 }),
    heads: fc.integer({ min: 1, max: 4 }),
    headDim: fc.integer({ min: 1, max: 9 }),
    mlpRatio: fc.constantFrom(1, 2, 3),
    qkvBias: fc.boolean(),
    activation: fc.constantFrom('gelu', 'gelu-tanh', 'relu'),
    seed: fc.nat(),
    normEps: fc.constantFrom(1e-6, 1e-5, 1e-3),
    reuse: fc.subarray([1, 2, 3]),
  })
  .filter(({ heads, headDim }) => heads * headDim >= 4)
  .map(({ heads, headDim, seed, reuse, ...rest }) => ({
    fields: { heads, dim: heads * headDim, ...rest },
    seed,
    reuse: reuse.filter(e => e < rest.encoders),
  }));

const images = fc.record({
  side: fc.integer({ min: 1, max: 3 }),
  patchSize: fc.constantFrom(2, 4),
  inChannels: fc.integer({ min: 1, max: 3 }),
  classes: fc.integer({ min: 1, max: 9 }),
});

interface Case {
  readonly fields: object;
  readonly seed: number;
  readonly reuse: number[];
}

async function vitError({ fields, seed, reuse }: Case): Promise<number> {
  const model = tinyVit(fields);
  const graph = buildGraph(model, { reuse: reusePlan(reuse, model.encoders) });
  const weights = randomWeights(graph, seed);
  const image = anyImage(model, seed);
  const { logits } = await prepare(graph, weights).run({ image });
  return relativeError(toRows(logits), vit(model, weights, image, reuse));
}

test('ViT and DeiT, one head or two, with and without reuse', async t => {
  const cases = fc
    .tuple(stack, images, fc.boolean())
    .map(([{ fields, ...rest }, { side, ...image }, distilled]) => ({
      ...rest,
      fields: { ...fields, ...image, imageSize: side * image.patchSize, distilled },
    }));
  await fc.assert(
    fc.asyncProperty(cases, async c => (await vitError(c)) < TOLERANCE),
    { numRuns: 60 },
  );
  t.true((await vitError({ fields: { distilled: true }, seed: 1, reuse: [1] })) < TOLERANCE);
});

async function lvVitError({ fields, seed, reuse }: Case): Promise<number> {
  const model = tinyLvVit(fields);
  const graph = buildGraph(model, { reuse: reusePlan(reuse, model.encoders) });
  const weights = randomWeights(graph, seed);
  const image = anyImage(model, seed);
  const { logits } = await prepare(graph, weights).run({ image });
  return relativeError(toRows(logits), lvVit(model, weights, image, reuse));
}

test('LV-ViT: convolutional stem, scaled branches, second head on the patches', async t => {
  const cases = fc
    .tuple(stack, fc.boolean(), fc.constantFrom(1, 2), fc.integer({ min: 1, max: 3 }))
    .map(([{ fields, ...rest }, auxHead, skipLam, inChannels]) => ({
      ...rest,
      fields: { ...fields, auxHead, skipLam, inChannels },
    }));
  await fc.assert(
    fc.asyncProperty(cases, async c => (await lvVitError(c)) < TOLERANCE),
    { numRuns: 40 },
  );
  t.true((await lvVitError({ fields: { skipLam: 2 }, seed: 1, reuse: [1] })) < TOLERANCE);
});

async function bertError({ fields, seed, reuse }: Case): Promise<number> {
  const model = tinyBert(fields);
  const graph = buildGraph(model, { reuse: reusePlan(reuse, model.encoders) });
  const weights = randomWeights(graph, seed);
  const words = anyIds(model.tokens, model.vocabulary, seed);
  const types = anyIds(model.tokens, model.types, seed + 1);
  const { logits } = await prepare(graph, weights).run({ words, types });
  return relativeError(toRows(logits), bert(model, weights, words, types, reuse));
}

test('BERT: embedding tables, norms after the residuals, pooler and classifier', async t => {
  const end = fc.constantFrom(
    {},
    { pooler: 'none' },
    { pooler: 'run' },
    { pooler: 'run', classes: 3 },
    { tokens: 1 },
  );
  const cases = fc
    .tuple(stack, end)
    .map(([{ fields, ...rest }, more]) => ({ ...rest, fields: { ...fields, ...more } }));
  await fc.assert(
    fc.asyncProperty(cases, async c => (await bertError(c)) < TOLERANCE),
    { numRuns: 60 },
  );
  t.true((await bertError({ fields: { pooler: 'run', classes: 3 }, seed: 1, reuse: [1] })) < TOLERANCE);
});

test('segment types that are left out are all 0', async t => {
  const model = tinyBert();
  const network = prepare(buildGraph(model), randomWeights(buildGraph(model), 3));
  const words = anyIds(model.tokens, model.vocabulary, 3);
  const { logits } = await network.run({ words });
  const zeros = await network.run({ words, types: new Int32Array(model.tokens) });
  t.deepEqual(logits, zeros.logits);
});
