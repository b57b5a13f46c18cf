/** Pruning by the class token's attention: how many rows are left, what it costs, and what it has no place for. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { loadArch } from '../../../src/run/node/load.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { noReuse, reusePlan } from '../../../src/workload/reuse.ts';
import { patchesKept } from '../../../src/workload/tokens/class-attention.ts';
import { loadModel, modelText, parseModel } from '../load.ts';

const model = parseModel(
  modelText('dynamic-deit-s').replace('pruning:', 'pruning:\n  by: attention'),
  'models/x.yaml',
);
const rowsOf = (reuse: number[], id: string): number | undefined => {
  const op = buildGraph(model, { reuse: reusePlan(reuse, 12) }).ops.find(o => o.id === id);
  return op?.kind === 'static' ? op.rows : undefined;
};

test('138, 97 and 68 of 196 patches are left, beside the class token', t => {
  t.deepEqual(
    ['e2.q', 'e3.q', 'e5.fc1', 'e6.q', 'e9.q', 'e11.fc2'].map(id => rowsOf([], id)),
    [197, 139, 139, 98, 69, 69],
  );
});

test('a share that is a whole number is that number', t => {
  t.deepEqual(
    [
      [100, 0.49],
      [100, 0.7 * 0.7],
      [25, 0.7],
      [10, 0.3],
      [10, 0.1 + 0.2],
    ].map(([patches, share]) => patchesKept(patches, share)),
    [49, 49, 18, 3, 3],
  );
});

test('nothing is learned for it: the parameters are those of the network that keeps all', t => {
  const parameters = (graph: ReturnType<typeof buildGraph>): string[] =>
    graph.ops.filter(op => op.kind === 'static').map(op => `${op.weightId} ${op.in} ${op.out}`);
  t.deepEqual(parameters(buildGraph(model)), parameters(buildGraph(loadModel('deit-s'))));
});

test('attention is that of the last encoder that has some, also past reuse encoders', t => {
  const { ops } = buildGraph(model, { reuse: reusePlan([1, 2, 5], 12) });
  const source = (stage: number): string | undefined =>
    ops.find(op => op.id === `pruning${stage}.attention`)?.deps[0].op;
  t.deepEqual([0, 1, 2].map(source), ['e0.softmax', 'e4.softmax', 'e8.softmax']);
});

test('an encoder cannot reuse attention from before a place where tokens go', t => {
  const error = t.throws(() => buildGraph(model, { reuse: reusePlan([6], 12) }), { instanceOf: TrexError });
  t.regex(error.message, /encoder 6 has 98 tokens and cannot reuse an attention output of 139/);
});

test('fewer tokens take less time and energy, and no predictor takes any', async t => {
  const { arch } = loadArch('trex');
  const run = async (network: typeof model) =>
    (await simulate({ arch, model: network, reuse: noReuse })).result;
  const [all, kept, predicted] = [
    await run(loadModel('deit-s')),
    await run(model),
    await run(loadModel('dynamic-deit-s')),
  ];
  t.true(kept.latency_s < all.latency_s && kept.energy_J < all.energy_J);
  t.true(kept.area_m2 < predicted.area_m2);
});
