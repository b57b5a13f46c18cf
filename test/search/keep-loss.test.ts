/** What pruned tokens cost an untrained-for network: measured, once for each schedule. */
import test from 'ava';
import { gaussianStream } from '../../src/base/random.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { prunedModel } from '../../src/search/keep.ts';
import { measuredKeepLoss } from '../../src/search/keep-loss.ts';
import { buildGraph } from '../../src/workload/graph.ts';

const { model } = loadModel('glyph-vit', { set: ['model.encoders=3'] });
const graph = buildGraph(model);
const weights = randomWeights(graph, 'keep');
const next = gaussianStream(1, 'keep');
const each = 400;
const data = {
  inputs: Float32Array.from({ length: 6 * each }, next),
  labels: Int32Array.of(0, 1, 2, 3, 4, 5),
};

test('the loss over keeping all is that of the pruned network in the executor', async t => {
  const keep = [1, 0.5, 0.7];
  const executed = async (network: typeof model): Promise<number> => {
    const run = prepare(buildGraph(network), weights);
    let sum = 0;
    for (const [i, label] of data.labels.entries()) {
      const image = data.inputs.subarray(i * each, (i + 1) * each);
      const logits = [...(await run.run({ image })).logits.data];
      const most = Math.max(...logits);
      sum += Math.log(logits.reduce((s, v) => s + Math.exp(v - most), 0)) + most - logits[label];
    }
    return sum / data.labels.length;
  };
  const want = (await executed(prunedModel(model, keep))) - (await executed(model));
  const known = new Map<string, number>();
  const keepLoss = measuredKeepLoss({ model, weights, data }, known);
  t.true(Math.abs((await keepLoss(keep)) - want) < 1e-4);
  t.is(await keepLoss([1, 1, 1]), 0);
  t.deepEqual([...known.keys()], ['26 14 10', '26 26 26']);
});

test('a schedule that is known is not run again', async t => {
  const known = new Map([
    ['26 14 14', 3],
    ['26 26 26', 1],
  ]);
  t.is(await measuredKeepLoss({ model, weights, data }, known)([1, 0.5, 1]), 2);
});
