/** Decoders in training: every row of a window foretells the next token; derivatives are those of the executor's loss. */
import test from 'ava';
import { gaussianStream } from '../../src/base/random.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { weightsOf } from '../../src/train/network/parameter-vector.ts';
import { trainedGraph } from '../../src/train/network/trained-graph.ts';
import { train } from '../../src/train/train.ts';
import type { Graph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { anyIds } from '../numerics/execute/tiny.ts';
import { tinyDecoder } from '../numerics/execute/tiny-decoder.ts';
import { engineOn, gradientOf } from './runs.ts';

const STEP = 2 ** -6;

/** Mean cross-entropy of the token behind each row. */
async function lossOf(graph: Graph, weights: ModelWeights, text: Int32Array): Promise<number> {
  const words = text.slice(0, -1);
  const { logits } = await prepare(graph, weights).run({ words });
  let sum = 0;
  for (let i = 0; i < words.length; i++) {
    const row = [...logits.data.subarray(i * logits.columns, (i + 1) * logits.columns)];
    sum += Math.log(row.reduce((all, v) => all + Math.exp(v), 0)) - row[text[i + 1]];
  }
  return sum / words.length;
}

for (const [name, more] of [
  [
    'RMSNorm, rotary positions, a gate and shared keys',
    { attention: { kind: 'causal', kvHeads: 2, headNorm: true, rotary: {} } },
  ],
  [
    'LayerNorm, learned positions and a window',
    {
      normBy: 'layernorm',
      gatedMlp: false,
      positions: 'learned',
      positionOffset: 2,
      attention: { kind: 'causal', span: 3 },
    },
  ],
] as const)
  test(`derivatives of a decoder with ${name} equal finite differences`, async t => {
    const graph = trainedGraph(tinyDecoder({ tiedWords: false, ...more }), noReuse);
    const text = anyIds(graph.model.tokens + 1, 19, 4);
    const engine = await engineOn(graph, randomWeights(graph, 5), { batch: 1 });
    const words = text.slice(0, -1);
    const batch = { words: [words], types: [new Int32Array(words.length)], labels: [text[words.length]] };
    const { gradient, loss } = await gradientOf(engine, batch);
    const { parameters } = engine.layout;
    const vector = engine.vector.slice();
    const weights = weightsOf(graph, parameters, vector);
    t.true(Math.abs(loss - (await lossOf(graph, weights, text))) < 1e-5);
    const next = gaussianStream(1, 'direction');
    for (const { key, offset, size } of parameters.arrays.values()) {
      const own = vector.slice(offset, offset + size);
      const direction = Float32Array.from(own, () => next() / Math.sqrt(size));
      const at = async (shift: number): Promise<number> => {
        for (const [i, v] of own.entries()) vector[offset + i] = v + shift * direction[i];
        return await lossOf(graph, weights, text);
      };
      const want = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
      vector.set(own, offset);
      const got = direction.reduce((sum, d, i) => sum + d * gradient[offset + i], 0);
      const scale = Math.hypot(...gradient.subarray(offset, offset + size)) / Math.sqrt(size);
      t.true(Math.abs(got - want) < 0.01 * Math.abs(want) + 0.02 * scale + 2e-4, `${key}: ${got} ${want}`);
    }
  });

test('a decoder learns a text that repeats itself, and its last matrix is not tied', async t => {
  const model = tinyDecoder({ tokens: 8, tiedWords: false });
  const text = Int32Array.from({ length: 33 }, (_, i) => [3, 1, 4, 1, 5, 9, 2, 6][i % 8]);
  const inputs = Int32Array.from({ length: 24 * 8 }, (_, at) => text[Math.floor(at / 8) + (at % 8)]);
  const labels = Int32Array.from({ length: 24 }, (_, i) => text[i + 8]);
  const recipe = { epochs: 30, batch: 8, rate: 0.02 };
  const { lossHistory } = await train({ model, data: { inputs, labels }, seed: 1, recipe });
  t.true(lossHistory[0] > 2 && lossHistory[lossHistory.length - 1] < 0.4, `${lossHistory.at(-1)}`);
  await t.throwsAsync(
    train({ model: tinyDecoder({ tokens: 8 }), data: { inputs, labels }, seed: 1, recipe }),
    {
      message: /tiny-decoder: .*tiedWords: false/,
    },
  );
});
