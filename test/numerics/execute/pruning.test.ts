/** What token pruning computes: the mean of half of the channels, and the rows with the best scores. */
import test from 'ava';
import { type Matrix, matrix } from '../../../src/numerics/execute/matrix.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { halfMean } from '../../../src/numerics/execute/vector/elementwise.ts';
import { keepBest } from '../../../src/numerics/execute/vector/tokens.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { anyImage, tinyVit } from './tiny.ts';

test('the second half of each row becomes its mean over all rows', t => {
  const x = matrix(2, 4, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 12));
  t.deepEqual([...halfMean(x).data], [1, 2, 5, 8, 5, 6, 5, 8]);
});

test('the first row and those with the best scores are kept in their order, the earlier of two equals', t => {
  const x = matrix(5, 1, Float32Array.of(10, 11, 12, 13, 14));
  const scores = matrix(4, 2, Float32Array.of(0, 9, 2, 9, 1, 9, 1, 9));
  t.deepEqual([...keepBest(x, scores, 3).data], [10, 12, 13]);
  t.deepEqual([...keepBest(x, scores, 1).data], [10]);
});

test('a network that prunes runs on the rows that the predictor likes best', async t => {
  const model = tinyVit({ pruning: { before: [1], keep: [0.5] } });
  const graph = buildGraph(model);
  const network = prepare(graph, randomWeights(graph, 1));
  const taps = ['e0.residual2', 'predictor0.fc3', 'predictor0.keep', 'e1.residual2'];
  const run = await network.run({ image: anyImage(model, 1) }, { taps });
  const [all, scores, kept, last] = taps.map(id => run.taps.get(id)) as [Matrix, Matrix, Matrix, Matrix];
  t.deepEqual([all.rows, scores.rows, kept.rows, last.rows], [10, 9, 5, 5]);
  t.deepEqual(kept, keepBest(all, scores, 5));
  t.is(run.logits.data.length, 5);
});
