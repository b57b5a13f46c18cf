/** What token pruning computes: the mean of half of the channels, and the rows with the best scores. */
import test from 'ava';
import fc from 'fast-check';
import { type Matrix, matrix } from '../../../src/numerics/execute/matrix.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { bestRows, chosen } from '../../../src/numerics/execute/vector/tokens.ts';
import { halfMean } from '../../../src/workload/functions/halfmean.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { lvVit, vit } from './oracle-networks.ts';
import { anyImage, tinyLvVit, tinyVit } from './tiny.ts';

test('the second half of each row becomes its mean over all rows', t => {
  const x = matrix(2, 4, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 12));
  t.deepEqual([...halfMean(x).data], [1, 2, 5, 8, 5, 6, 5, 8]);
});

test('the first row and those with the best scores are kept in their order, the earlier of two equals', t => {
  const x = matrix(5, 1, Float32Array.of(10, 11, 12, 13, 14));
  const scores = matrix(4, 2, Float32Array.of(0, 9, 2, 9, 1, 9, 1, 9));
  t.deepEqual([...chosen({ change: 'keep', to: 3 }, x, scores).data], [10, 12, 13]);
  t.deepEqual([...chosen({ change: 'keep', to: 1 }, x, scores).data], [10]);
});

test('two scores count by how much keep is above drop, as their softmax does', t => {
  const x = matrix(4, 1, Float32Array.of(10, 11, 12, 13));
  const scores = matrix(3, 2, Float32Array.of(9, 9, 1, -3, 5, 2));
  t.deepEqual([...chosen({ change: 'keep', to: 3 }, x, scores).data], [10, 12, 13]);
});

test('a network that prunes runs on the rows that the predictor likes best', async t => {
  const model = tinyVit({ pruning: { before: [1], keep: [0.5] } });
  const graph = buildGraph(model);
  const network = prepare(graph, randomWeights(graph, 1));
  const taps = ['e0.residual2', 'predictor0.fc3', 'predictor0.keep', 'e1.residual2'];
  const run = await network.run({ image: anyImage(model, 1) }, { taps });
  const [all, scores, kept, last] = taps.map(id => run.taps.get(id)) as [Matrix, Matrix, Matrix, Matrix];
  t.deepEqual([all.rows, scores.rows, kept.rows, last.rows], [10, 9, 5, 5]);
  t.deepEqual(kept, chosen({ change: 'keep', to: 5 }, all, scores));
  t.is(run.logits.data.length, 5);
});

test('attention is summed over heads, and the class token stays whatever it gives itself', t => {
  const x = matrix(4, 1, Float32Array.of(10, 11, 12, 13));
  const attention = matrix(1, 8, Float32Array.of(0, 0.5, 0.25, 0.25, 0, 0.125, 0.625, 0.25));
  t.deepEqual([...chosen({ change: 'keep', to: 2, heads: 2 }, x, attention).data], [10, 12]);
  t.deepEqual([...chosen({ change: 'keep', to: 3, heads: 2 }, x, attention).data], [10, 11, 12]);
});

test('no row that is dropped has a better score than one that is kept', t => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 30 }),
      fc.nat(),
      (scores, n) => {
        const count = 1 + (n % scores.length);
        const kept = bestRows(row => scores[row], scores.length, count);
        t.is(kept.length, count);
        t.is(kept[0], 0);
        t.deepEqual(
          kept,
          kept.toSorted((a, b) => a - b),
        );
        const [least, most] = [
          Math.min(...kept.slice(1).map(row => scores[row])),
          Math.max(-1, ...scores.filter((_, row) => !kept.includes(row))),
        ];
        t.true(least >= most);
      },
    ),
  );
});

const attentive = { by: 'attention', before: [1], keep: [0.5] } as const;

for (const [name, model] of Object.entries({
  ViT: tinyVit({ encoders: 3, pruning: attentive }),
  'LV-ViT': tinyLvVit({ encoders: 3, pruning: attentive }),
})) {
  test(`${name} pruned by attention computes what float64 computes, with a reuse encoder after it`, async t => {
    const graph = buildGraph(model, { reuse: reusePlan([2], 3) });
    const weights = randomWeights(graph, 4);
    const image = anyImage(model, 2);
    const taps = ['e0.residual2', 'pruning0.keep', 'e2.residual2'];
    const run = await prepare(graph, weights).run({ image }, { taps });
    t.deepEqual(
      taps.map(id => run.taps.get(id)?.rows),
      [10, 6, 6],
    );
    const [want] = (model.family === 'vit' ? vit : lvVit)(model as never, weights, image, [2]);
    for (const [i, value] of want.entries())
      t.true(Math.abs(run.logits.data[i] - value) < 1e-4 * Math.max(1, Math.abs(value)));
  });
}
