/** Token pruning: how many rows are left where, what the predictors cost, and which files make no sense. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { macs } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { loadModel, modelText, parseModel } from '../load.ts';

const dynamic = loadModel('dynamic-deit-s');

test('137, 96 and 67 of 196 patches are left before encoders 3, 6 and 9, beside the class token', t => {
  const { ops } = buildGraph(dynamic);
  const rowsOf = (id: string): number | undefined => {
    const op = ops.find(o => o.id === id);
    return op?.kind === 'static' ? op.rows : undefined;
  };
  t.deepEqual(['e2.q', 'e3.q', 'e5.fc1', 'e6.q', 'e9.q', 'e11.fc2'].map(rowsOf), [197, 138, 138, 97, 68, 68]);
});

test('a predictor of n patches costs n (d d + d d/2 + d/2 d/4 + 2 d/4) MACs', t => {
  const { ops } = buildGraph(dynamic);
  const predictor = ops.filter(op => op.stage === 'predictor').reduce((sum, op) => sum + macs(op), 0);
  const d = 384;
  t.is(predictor, (196 + 137 + 96) * (d * d + (d * d) / 2 + (d * d) / 8 + d / 2));
});

test('DynamicViT: an encoder cannot reuse attention from before a place where tokens go', t => {
  const error = t.throws(() => buildGraph(dynamic, { reuse: reusePlan([3], 12) }), { instanceOf: TrexError });
  t.regex(error.message, /encoder 3 has 138 tokens and cannot reuse an attention output of 197/);
  t.notThrows(() => buildGraph(dynamic, { reuse: reusePlan([4, 7, 11], 12) }));
});

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['before: [3, 6, 9]', 'before: [3, 6]', /2 places to prune, but 3 keep ratios/],
  ['before: [3, 6, 9]', 'before: [3, 9, 6]', /encoder 6 does not come after 9/],
  ['before: [3, 6, 9]', 'before: [3, 6, 12]', /encoder 12 of 12 encoders/],
  ['keep: [0.7, 0.49, 0.343]', 'keep: [0.7, 0.7, 0.3]', /0.7 is not below 0.7/],
  ['qkvBias: true', 'shareWeights: 2', /equal token counts/],
  ['qkvBias: true', 'distilled: true', /a distilled network has two/],
];

for (const [from, to, message] of wrong) {
  test(`${to} is refused`, t => {
    const text = modelText('dynamic-deit-s').replace(from, to);
    const error = t.throws(() => parseModel(text, 'models/x.yaml'), { instanceOf: TrexError });
    t.regex(error.message, message);
  });
}
