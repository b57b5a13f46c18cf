/** Networks with other attention: parameters and MACs of their public code, to the unit. */
import test from 'ava';
import { macs, macTotals, paramTotal } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadModel, modelText, parseModel } from '../load.ts';

const counts = (name: string) => {
  const { ops } = buildGraph(loadModel(name));
  return { params: paramTotal(ops), ...macTotals(ops) };
};

/** Stem, known weights and classifier. */
const known = ({ stem, static: all, head }: ReturnType<typeof counts>): number => stem + all + head;

for (const [name, params, total, inEncoders, dynamic, depthwise] of [
  ['skipat-t', 5_773_882, 1_174_675_584, 1_044_873_216, 89_415_936, 11_289_600],
  ['skipat-b', 86_793_466, 17_237_180_928, 16_717_971_456, 357_663_744, 45_158_400],
] as const)
  test(`${name} has the parameters and MACs of its released code`, t => {
    const all = counts(name);
    t.like(all, { params, total, static: inEncoders, dynamic });
    // Beside the 5 x 5 kernels stand the gates, 3 products for each channel of 6 encoders.
    const dim = name === 'skipat-t' ? 192 : 768;
    t.is(all.depthwise, depthwise + 6 * 3 * dim);
  });

test('SkipAt-S follows the same counts as its sisters', t => {
  const { params, depthwise, dynamic, static: all } = counts('skipat-s');
  const [d, host] = [384, counts('deit-s')];
  const skipped = 4 * (d * d + d) + 2 * d;
  t.is(params, host.params + 6 * (4 * d * d + 3 * d + 2 * d * 26 + 3 - skipped));
  t.is(host.static - all, 6 * (4 * 197 - 4 * 196) * d * d);
  t.is(dynamic, host.dynamic / 2);
  t.is(depthwise, 6 * (25 * 196 * 2 * d + 3 * d));
});

for (const [name, params, static_, dynamic] of [
  ['couplformer-6', 1_017_701, 63_328_768, 1_581_056],
  ['couplformer-kct-8', 4_242_955, 269_240_832, 4_210_688],
  ['couplformer-kct-4', 412_939, 25_568_512, 1_056_768],
  ['couplformer-14-256', 9_712_105, 1_837_149_184, 39_388_160],
  ['couplformer-14-384', 21_448_937, 4_104_454_656, 59_082_240],
] as const)
  test(`${name} has ${params} parameters, ${static_} MACs of known weights and ${dynamic} of activations`, t => {
    const all = counts(name);
    t.deepEqual([all.params, known(all), all.dynamic], [params, static_, dynamic]);
  });

for (const [name, total, dynamic] of [
  ['vittm-s', 1_871_837_184, 56_770_560],
  ['vittm-b', 7_141_060_608, 113_541_120],
  ['vittm-b-16', 8_581_714_944, 152_773_632],
] as const)
  test(`${name} counts ${total} MACs, ${dynamic} of them of activations`, t => {
    t.like(counts(name), { total, dynamic });
  });

for (const [name, dim, params, total] of [
  ['minivit-deit-t', 192, 3_091_072, 1_254_861_696],
  ['minivit-deit-s', 384, 11_451_592, 4_607_218_176],
  ['minivit-deit-b', 768, 44_099_176, 17_604_415_488],
] as const)
  test(`${name} has ${params} parameters, and ${total} MACs beside the vectors of places`, t => {
    const all = counts(name);
    t.is(all.params, params);
    t.is(all.total - 12 * 196 * dim * 50, total);
  });

test("ViTCoD's released mask leaves 9,523,072 dynamic MACs, its heads' auto-encoders add 3,631,104", t => {
  const [sparse, host] = [counts('vitcod-deit-t'), counts('deit-t')];
  t.is(sparse.dynamic, 2 * 74_399 * 64);
  t.is(sparse.static, host.static);
  t.is(sparse.grouped, 3_631_104);
  t.is(counts('vitcod-deit-s').grouped, 10_893_312);
  t.is(counts('vitcod-deit-b').grouped, 43_573_248);
  for (const name of ['s', 'b']) {
    const [some, all] = [counts(`vitcod-deit-${name}`), counts(`deit-${name}`)];
    t.true(Math.abs(some.dynamic - all.dynamic / 10) < 12 * 64);
  }
});

test('all of the map, and no auto-encoder, is the host', t => {
  const text = modelText('vitcod-deit-s')
    .replace('density: 0.1', 'density: 1')
    .replace('  headCodec: 3\n', '');
  const { ops } = buildGraph(parseModel(text, 'x.yaml'));
  t.deepEqual({ params: paramTotal(ops), ...macTotals(ops) }, counts('deit-s'));
});

test('fastmax counts 2 N F (d + 1) MACs a head, F = 1 + d, and d (d + 1) / 2 more of order 2', t => {
  const [n, d, heads] = [197, 64, 12 * 6];
  const host = counts('deit-s');
  for (const [name, features] of [
    ['deit-s-fast-1', 1 + d],
    ['deit-s-fast-2', 1 + d + (d * (d + 1)) / 2],
  ] as const) {
    const all = counts(name);
    t.is(all.dynamic, heads * 2 * n * features * (d + 1));
    t.deepEqual([all.params, all.static], [host.params, host.static]);
  }
});

test("SPViT's selector scores all but the class token, with weights that heads share", t => {
  const { ops } = buildGraph(loadModel('spvit-deit-s'));
  const rows = [3, 6, 9].map(i => {
    const op = ops.find(({ id }) => id === `e${i}.q`);
    return op?.kind === 'static' ? op.rows : 0;
  });
  t.deepEqual(rows, [1 + 120 + 1, 1 + 72 + 2, 1 + 26 + 3]);
  const d = 64;
  const scored = 196 + 121 + 74;
  const selector = ops.filter(op => op.stage === 'predictor').reduce((sum, op) => sum + macs(op), 0);
  t.is(selector, scored * (6 * (d * d + (d * d) / 2 + (d * d) / 8 + d / 2) + 6 * 3 * 2));
  const learned = paramTotal(ops) - counts('deit-s').params;
  const shared = 2 * d + d * d + d + (d * d) / 2 + d / 2 + (d * d) / 8 + d / 4 + d / 2 + 2;
  t.is(learned, 3 * (shared + 6 * 3 + 3 + 3 * 6 + 6));
});

test('A-ViT has the share of tokens that its file says, near its published MACs', t => {
  for (const [name, published] of [
    ['avit-deit-s', 3.6e9],
    ['avit-deit-t', 0.8e9],
  ] as const) {
    const { total, params } = counts(name);
    t.true(Math.abs(total / published - 1) < 0.02, `${name} ${total}`);
    t.is(params, counts(name.replace('avit-', '')).params);
  }
});
