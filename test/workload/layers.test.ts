/** Networks as lists of layers: equal to the families that they can express, and refused where a layer cannot stand. */
import test from 'ava';
import { loadModelFrom } from '../../src/run/load.ts';
import { macTotals, paramTotal } from '../../src/workload/count.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { modelSchema } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { failure, memoryFiles } from '../arch/fixtures.ts';
import { loadModel } from './load.ts';

const deit = {
  name: 'deit-layers',
  family: 'layers',
  source: 'test',
  imageSize: 224,
  classes: 1000,
  stem: [{ kind: 'conv', out: 384, kernel: 16, stride: 16, padding: 0 }],
  body: [{ kind: 'embedding' }, { kind: 'encoders', count: 12, heads: 6 }, { kind: 'norm', eps: 1e-6 }],
  head: [{ kind: 'token' }, { kind: 'linear', out: 'classes' }],
};

const sizes = (model: ReturnType<typeof loadModel>, reuse = 'none') => {
  const graph = buildGraph(model, { reuse: parseReuse(reuse, model.encoders) });
  return { macs: macTotals(graph.ops), params: paramTotal(graph.ops), ops: graph.ops.length };
};

test('DeiT-S as a list of layers has the counts of DeiT-S, with reuse as without', t => {
  const model = modelSchema.parse(deit);
  for (const reuse of ['none', 'count:5'])
    t.deepEqual(sizes(model, reuse), sizes(loadModel('deit-s'), reuse));
});

const bottleneck = (out: number) => ({
  kind: 'residual',
  layers: [
    { kind: 'conv', out: 32, norm: 'batchnorm', activation: 'relu' },
    { kind: 'conv', kernel: 3, groups: 'depthwise', norm: 'batchnorm', activation: 'relu' },
    { kind: 'conv', out, norm: 'batchnorm' },
  ],
});

const small = (body: readonly unknown[]) => ({ ...deit, imageSize: 8, body, stem: [] });

test('an inverted bottleneck counts its dense, depthwise and pointwise layers by hand', t => {
  const stem = { kind: 'conv', out: 8, kernel: 3, stride: 2, norm: 'batchnorm' };
  const body = { kind: 'repeat', times: 2, layers: [bottleneck(8)] };
  const head = [{ kind: 'mean' }, { kind: 'linear', out: 'classes' }];
  const model = modelSchema.parse({ ...small([body]), stem: [stem], head, classes: 10 });
  const { macs, params } = sizes(model);
  t.like(macs, {
    stem: 16 * 27 * 8,
    static: 2 * 16 * (8 * 32 + 32 * 8),
    depthwise: 2 * 16 * 32 * 9,
    grouped: 0,
    dynamic: 0,
    head: 80,
  });
  const norms = 2 * 8 + 2 * 2 * (32 + 32 + 8);
  t.is(params, 27 * 8 + 2 * (8 * 32 + 9 * 32 + 32 * 8) + 80 + 10 + norms);
});

const problem = (body: readonly unknown[]) => {
  const { error } = modelSchema.safeParse(small(body));
  const { path, message } = error?.issues[0] ?? {};
  return [path?.join('.'), message];
};

test('a layer that cannot stand where it stands is refused, with its place in the file', t => {
  const patch = { kind: 'conv', out: 12, kernel: 2, stride: 2, padding: 0 };
  t.deepEqual(problem([patch, { kind: 'repeat', times: 2, layers: [bottleneck(8)] }]), [
    'body.1.layers.0',
    '16 x 8 cannot be added to 16 x 12',
  ]);
  t.deepEqual(problem([patch, { kind: 'conv', groups: 5 }]), [
    'body.1.groups',
    '5 groups do not divide 12 input channels',
  ]);
  t.deepEqual(problem([patch, { kind: 'encoders', heads: 5 }]), [
    'body.1.heads',
    '5 heads do not divide 12 channels',
  ]);
  t.deepEqual(problem([patch, { kind: 'attention', heads: 3 }]), ['body.1', 'attention stands in a block']);
  t.deepEqual(problem([{ kind: 'linear', out: 3 }]), ['body.0', 'a convolution or patches must come first']);
  t.deepEqual(problem([patch, { kind: 'mean' }, { kind: 'conv' }]), [
    'body.2',
    'a window needs an image, without tokens in front',
  ]);
  t.regex(`${problem([{ kind: 'convv' }])[1]}`, /conv/);
  const norm = { kind: 'norm', name: 'a' };
  t.deepEqual(problem([patch, norm, norm]), [
    'body.2',
    'two operations would be a.layernorm: give one of the layers another name',
  ]);
  const attention = { kind: 'attention', heads: 2 };
  t.deepEqual(problem([patch, { kind: 'block', layers: [attention, attention] }]), [
    'body.1.layers.1',
    'a second e0.q in block 0: one attention stands in a block',
  ]);
});

test('layers of nothing are refused, and classes that no layer gives', t => {
  const patch = { kind: 'conv', out: 12, kernel: 2, stride: 2, padding: 0 };
  for (const empty of [{ kind: 'block' }, { kind: 'residual' }, { kind: 'repeat', times: 2 }])
    t.deepEqual(problem([patch, { ...empty, layers: [] }]), ['body.1.layers', 'expected at least one layer']);
  const { error } = modelSchema.safeParse({ ...deit, head: [{ kind: 'token' }] });
  t.deepEqual(error?.issues[0].path, ['classes']);
  t.regex(error?.issues[0].message ?? '', /1000 classes, but no layer gives them/);
});

test('a layer that lacks a field is named by its own line', t => {
  const text = `name: x
family: layers
source: test
imageSize: 8
stem: [{ kind: conv, out: 8 }]
body:
  - { kind: embedding }
  - { kind: encoders, count: 2 }
  - kind: block
    layers:
      - { kind: norm }
      - { kind: lift }
`;
  const { message } = failure(() => loadModelFrom(memoryFiles({ 'models/x.yaml': text }), 'x'));
  t.regex(message, /^models\/x\.yaml:8:5 {2}body\.1\.heads: missing/);
  t.regex(message, /^models\/x\.yaml:12:9 {2}body\.2\.layers\.1\.out: missing/m);
});

test('sizes far above those of any network are refused at their layer, before anything is built', t => {
  const patch = { kind: 'conv', out: 12, kernel: 2, stride: 2, padding: 0 };
  t.deepEqual(problem([patch, { kind: 'conv', out: 1e12 }]), [
    'body.1',
    '1000000000000 columns are more than 131072',
  ]);
  t.is(problem([patch, { kind: 'mlp', ratio: 1e9 }])[0], 'body.1');
  t.regex(`${problem([patch, { kind: 'conv', kernel: 3, padding: 100000 }])[1]}`, /rows are more than/);
  let nested: unknown = { kind: 'norm' };
  for (let i = 0; i < 4; i++) nested = { kind: 'repeat', times: 256, layers: [nested] };
  t.regex(`${problem([patch, nested])[1]}`, /more than 32768 operations/);
});

test('attention of some encoders may differ, by a field of the model file', t => {
  const { attention: _, ...vit } = loadModel('deit-t') as Record<string, unknown>;
  const fields = [
    'family',
    'name',
    'source',
    'encoders',
    'dim',
    'heads',
    'mlpRatio',
    'imageSize',
    'patchSize',
    'classes',
  ];
  const base = Object.fromEntries(fields.map(field => [field, vit[field]]));
  const other = { encoders: [1, 3], attention: { kind: 'sigmoid' } };
  const model = modelSchema.parse({ ...base, attentionExceptions: [other] });
  const maps = buildGraph(model).ops.flatMap(op =>
    op.kind === 'vector' && op.stage === 'softmax' ? op.fn : [],
  );
  t.deepEqual(maps.slice(0, 5), ['softmax', 'sigmoid', 'softmax', 'sigmoid', 'softmax']);
  const issue = (exceptions: unknown) =>
    modelSchema.safeParse({ ...base, attentionExceptions: exceptions }).error?.issues[0].message;
  t.is(issue([{ ...other, encoders: [12] }]), 'encoder 12 of 12 encoders (0-based)');
  t.is(issue([other, other]), 'encoder 1 is named twice');
});
