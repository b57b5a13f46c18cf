/** Weights from a seed: reproducible, of the right sizes, and with signals that neither vanish nor explode. */
import test from 'ava';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { anyImage, tinyBert, tinyLvVit, tinyVit } from './tiny.ts';

test('the same seed gives the same weights, another seed others', t => {
  const graph = buildGraph(tinyVit());
  t.deepEqual(randomWeights(graph, 1).linear('e0.q'), randomWeights(graph, 1).linear('e0.q'));
  t.notDeepEqual(randomWeights(graph, 1).linear('e0.q'), randomWeights(graph, 2).linear('e0.q'));
  t.notDeepEqual(randomWeights(graph, 1).linear('e0.q'), randomWeights(graph, 1).linear('e0.k'));
});

test('a layer has the same weights with and without reuse elsewhere', t => {
  const model = tinyVit();
  const reuse = buildGraph(model, { reuse: reusePlan([1], 2) });
  const all = buildGraph(model);
  t.deepEqual(randomWeights(reuse, 1).linear('e1.fc1'), randomWeights(all, 1).linear('e1.fc1'));
});

test('every op of every family finds weights of its size', t => {
  for (const model of [tinyVit({ distilled: true, qkvBias: false }), tinyLvVit(), tinyBert()]) {
    const graph = buildGraph(model, { reuse: reusePlan([1], 2) });
    const weights = randomWeights(graph, 1);
    for (const op of graph.ops) {
      if (op.kind === 'static') {
        const { weight, bias } = weights.linear(op.weightId);
        t.deepEqual([weight.length, bias?.length ?? null], [op.in * op.out, op.bias ? op.out : null], op.id);
      }
      if (op.kind === 'vector' && (op.fn === 'layernorm' || op.fn === 'batchnorm'))
        t.is(weights.norm(op.id).gain.length + weights.norm(op.id).shift.length, op.parameters, op.id);
      if (op.kind === 'tokens' && op.parameters > 0) t.is(weights.rows(op.id).length, op.parameters, op.id);
    }
  }
});

test('signals keep their size through a deep network', async t => {
  const model = tinyVit({ dim: 48, heads: 4, encoders: 8 });
  const graph = buildGraph(model);
  const taps = ['e0.fc1', 'e7.fc1', 'head'];
  const result = await prepare(graph, randomWeights(graph, 1)).run({ image: anyImage(model, 1) }, { taps });
  for (const id of taps) {
    const values = result.taps.get(id)?.data ?? new Float32Array();
    const power = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    t.true(power > 0.1 && power < 10, `${id}: ${power}`);
  }
});
