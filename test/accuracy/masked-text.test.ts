/** A text without its masked tokens gives what the whole row gives with the mask, in plain float64. */
import test from 'ava';
import fc from 'fast-check';
import { textInput } from '../../src/accuracy/masked-text.ts';
import { TrexError } from '../../src/base/errors.ts';
import { maskOf } from '../../src/data/mask.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import {
  add,
  attention,
  gelu,
  layerNorm,
  linear,
  map,
  type Rows,
  relativeError,
  softmax,
} from '../numerics/execute/oracle.ts';
import { anyIds, tinyBert } from '../numerics/execute/tiny.ts';

const model = tinyBert({ pooler: 'stored' });
const weights = randomWeights(buildGraph(model), 7);

/** All rows through masked attention: what is masked is no key for anybody. */
function masked(words: Int32Array, mask: Uint8Array): Rows {
  const { dim, heads, normEps } = model;
  const tables = weights.embedding('embedding');
  const row = (table: Float32Array, i: number): number[] => [...table.slice(i * dim, (i + 1) * dim)];
  const sum = [...words].map((id, i) =>
    row(tables.words, id).map((v, j) => v + row(tables.positions, i)[j] + row(tables.types, 0)[j]),
  );
  const visible = (scores: Rows): Rows =>
    softmax(scores.map(all => all.map((s, key) => (mask[key] === 1 ? s : Number.NEGATIVE_INFINITY))));
  let x = layerNorm(sum, weights.norm('embedding.norm'), normEps);
  for (let e = 0; e < model.encoders; e++) {
    const layer = (name: string, y: Rows): Rows => linear(y, weights, `e${e}.${name}`);
    const ln = (name: string, y: Rows): Rows => layerNorm(y, weights.norm(`e${e}.${name}`), normEps);
    const out = attention(layer('q', x), layer('k', x), layer('v', x), heads, visible);
    x = ln('norm1', add(x, layer('projection', out)));
    x = ln('norm2', add(x, layer('fc2', map(layer('fc1', x), gelu))));
  }
  return x;
}

test('masks of any form, padding on the left among them', async t => {
  const masks = fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: 7, maxLength: 7 })
    .filter(mask => mask.includes(1));
  await fc.assert(
    fc.asyncProperty(masks, fc.integer({ min: 0, max: 99 }), async (bits, seed) => {
      const words = anyIds(7, model.vocabulary, seed);
      const mask = Uint8Array.from(bits);
      const input = textInput({ name: 'x', words, mask }, model);
      const network = prepare(buildGraph(model, { tokens: input.words.length }), weights);
      const { logits } = await network.run(input);
      const got = Array.from({ length: logits.rows }, (_, i) => [
        ...logits.data.slice(i * logits.columns, (i + 1) * logits.columns),
      ]);
      const want = masked(words, mask).filter((_, i) => mask[i] === 1);
      return relativeError(got, want) < 1e-5;
    }),
    { numRuns: 30 },
  );
  t.deepEqual(textInput({ name: 'x', words: Int32Array.of(5, 6, 7), mask: Uint8Array.of(0, 1, 1) }, model), {
    words: Int32Array.of(6, 7),
    positions: Int32Array.of(1, 2),
  });
});

test('where padding has no position, tokens behind it count from the first', t => {
  const roberta = tinyBert({ pooler: 'stored', padding: 1 });
  const row = (words: number[], mask: number[]) =>
    textInput({ name: 'x', words: Int32Array.from(words), mask: Uint8Array.from(mask) }, roberta);
  // transformers: positions 1, 1, 2, 3 of [pad, pad, 5, 6].
  t.deepEqual(row([1, 1, 5, 6], [0, 0, 1, 1]), { words: Int32Array.of(5, 6) });
  // A masked token that is no padding has a position: 2, 3, 4.
  t.deepEqual(row([5, 7, 6], [1, 0, 1]), { words: Int32Array.of(5, 6), positions: Int32Array.of(2, 4) });
});

test('a mask is of ones and zeros: one that is added to scores is told', t => {
  t.deepEqual(maskOf([1, 0, 1], 'm'), Uint8Array.of(1, 0, 1));
  t.throws(() => maskOf([0, -10000], 'm#0'), {
    instanceOf: TrexError,
    message: 'm#0: a mask holds 1 and 0, not -10000',
  });
});
