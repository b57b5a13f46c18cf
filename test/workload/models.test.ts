/** The shipped networks have exactly the sizes of the reference implementations. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { type ExitCode, TrexError } from '../../src/base/errors.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { modelJsonSchema } from '../../src/workload/model.ts';
import { modelSummary } from '../../src/workload/summary.ts';
import { loadModel, modelFolder, modelNames, modelText, parseModel } from './load.ts';

// Parameters and MACs of the PyTorch reference models (timm 1.0.29; zihangJiang/TokenLabeling), every matmul counted.
const imageModels: [
  string,
  number,
  { stem: number; static: number; dynamic: number; head: number; total: number },
][] = [
  ['deit-t', 5_717_416, row(28_901_376, 1_045_757_952, 178_831_872, 192_000, 1_253_683_200)],
  ['deit-s', 22_050_664, row(57_802_752, 4_183_031_808, 357_663_744, 384_000, 4_598_882_304)],
  ['deit-b', 86_567_656, row(115_605_504, 16_732_127_232, 715_327_488, 768_000, 17_563_828_224)],
  ['vit-b-16', 86_567_656, row(115_605_504, 16_732_127_232, 715_327_488, 768_000, 17_563_828_224)],
  ['vit-b-32', 88_224_232, row(115_605_504, 4_246_732_800, 46_080_000, 768_000, 4_409_186_304)],
  ['vit-l-16', 304_326_632, row(154_140_672, 59_492_007_936, 1_907_539_968, 1_024_000, 61_554_712_576)],
  ['lv-vit-t', 8_534_720, row(1_235_533_824, 1_361_664_000, 223_539_840, 47_280_000, 2_868_017_664)],
  ['lv-vit-s', 26_151_824, row(1_351_139_328, 4_647_813_120, 476_884_992, 75_648_000, 6_551_485_440)],
];

function row(stem: number, st: number, dynamic: number, head: number, total: number) {
  return { stem, static: st, dynamic, head, total };
}

for (const [name, params, macs] of imageModels)
  test(`${name} has the parameters and MACs of the reference model`, t => {
    const summary = modelSummary(loadModel(name));
    t.is(summary.params, params);
    t.deepEqual(summary.macs, { ...macs, depthwise: 0, grouped: 0 });
  });

test('lv-vit-m has the 55.83 M parameters that its authors publish', t => {
  const { params, macs, tokens } = modelSummary(loadModel('lv-vit-m'));
  t.is(params, 55_830_544);
  t.is(tokens, 197);
  t.is(macs.stem, 3 * 64 * 49 * 112 ** 2 + 2 * 64 * 64 * 9 * 112 ** 2 + 196 * 4096 * 512);
  t.is(macs.static, 20 * 197 * (4 * 512 ** 2 + 2 * 512 * 1536));
  t.is(macs.dynamic, 20 * 2 * 197 ** 2 * 512);
  t.is(macs.head, 197 * 512 * 1000);
});

// Shapes of the tensors of the hub's checkpoints; DINOv2 without its 24 x 384 factors of layer scale, which are merged.
for (const [name, params] of [
  ['clip-b-32', 87_849_216],
  ['siglip-b-16', 92_884_224],
  ['roberta-base', 124_645_632],
  ['distilbert-base', 66_362_880],
  ['dinov2-s', 22_056_192 - 24 * 384],
] as const)
  test(`${name} has the parameters of its checkpoint`, t => {
    t.is(modelSummary(loadModel(name)).params, params);
  });

test('attention pooling counts one query against all tokens', t => {
  const [d, n, hidden] = [768, 196, 3072];
  const { macs } = modelSummary(loadModel('siglip-b-16'));
  const encoders = 12 * (n * (4 * d ** 2 + 2 * d * hidden) + 2 * n ** 2 * d);
  const pool = 2 * d ** 2 + 2 * n * d ** 2 + 2 * n * d + 2 * d * hidden;
  t.is(macs.total, n * 3 * 16 ** 2 * d + encoders + pool);
});

for (const tokens of [128, 384, 512])
  test(`bert-base at ${tokens} tokens counts 84,934,656 N static and 18,432 N^2 dynamic MACs`, t => {
    const { params, macs, tokens: n } = modelSummary(loadModel('bert-base'), { tokens });
    t.is(n, tokens);
    t.is(params, 109_482_240);
    t.is(macs.static, 84_934_656 * tokens);
    t.is(macs.dynamic, 18_432 * tokens ** 2);
    t.is(macs.total, macs.static + macs.dynamic);
  });

test("BERT's pooler is one more linear layer on the first token when it runs", t => {
  const text = modelText('bert-base').replace('pooler: stored', 'pooler: run');
  const { params, macs } = modelSummary(parseModel(text, 'bert'));
  t.is(params, 109_482_240);
  t.is(macs.head, 768 * 768);
});

test('a distilled DeiT-S has one more token and one more head (22,436,432 parameters)', t => {
  const { params, tokens, macs } = modelSummary(
    parseModel(`${modelText('deit-s')}distilled: true\n`, 'deit'),
  );
  t.is(params, 22_436_432);
  t.is(tokens, 198);
  t.is(macs.head, 2 * 384 * 1000);
});

test('DeiT-S: vector work per image by function', t => {
  const count = (wanted: string) =>
    buildGraph(loadModel('deit-s'))
      .ops.filter(op => op.kind === 'vector' && (op.fn === wanted || op.stage === wanted))
      .reduce((sum, op) => sum + (op.kind === 'vector' ? op.rows * op.batch * op.rowLength : 0), 0);
  t.is(count('layernorm'), 1_891_200);
  t.is(count('softmax'), 2_794_248);
  t.is(count('gelu'), 3_631_104);
  t.is(count('residual'), 1_815_552);
});

test('DeiT-S gives 4.5407 G encoder MACs, the op count of the TReX tables', t => {
  const { macs } = modelSummary(loadModel('deit-s'));
  t.is(macs.static + macs.dynamic, 4_540_695_552);
});

for (const name of modelNames)
  test(`models/${name}.yaml carries its own name, a source and the schema line`, t => {
    const model = loadModel(name);
    t.is(model.name, name);
    t.true(model.source.length > 10);
    t.is(modelText(name).split('\n')[0], '# yaml-language-server: $schema=./schema.json');
  });

test('models/schema.json is the exported schema', t => {
  const file = readFileSync(new URL('schema.json', modelFolder), 'utf8');
  t.is(file, `${JSON.stringify(modelJsonSchema(), null, 2)}\n`);
});

const wrong: [string, (text: string) => string, RegExp, ExitCode][] = [
  [
    'heads that do not divide the width',
    s => s.replace('heads: 6', 'heads: 7'),
    /7 heads do not divide dim 384/,
    3,
  ],
  [
    'a patch that does not divide the image',
    s => s.replace('patchSize: 16', 'patchSize: 15'),
    /15 pixels do not/,
    3,
  ],
  [
    'an MLP of a broken number of units',
    s => s.replace('mlpRatio: 4', 'mlpRatio: 1.001'),
    /not a whole number/,
    3,
  ],
  ['no encoders', s => s.replace('encoders: 12', 'encoders: 0'), /encoders/, 3],
  ['a field that nobody knows', s => `${s}headss: 3\n`, /headss/, 3],
  ['broken YAML', s => `${s}  : [\n`, /deit-s\.yaml/, 3],
  ['no mapping at all', () => '3\n', /deit-s\.yaml/, 3],
  [
    'an unknown family',
    s => s.replace('family: vit', 'family: lvvit'),
    /deit-s\.yaml:3:9 {2}family: expected one of vit, lv-vit, bert, decoder, layers, onnx, got "lvvit"/,
    3,
  ],
];

for (const [what, edit, message, exitCode] of wrong)
  test(`a model file with ${what} is refused`, t => {
    const error = t.throws(() => parseModel(edit(modelText('deit-s')), 'deit-s.yaml'), {
      instanceOf: TrexError,
    });
    t.regex(error.message, message);
    t.is(error.exitCode, exitCode);
  });

test('a stem that does not leave whole patches is refused', t => {
  const text = modelText('lv-vit-s').replace('stride: 2', 'stride: 3');
  t.throws(() => parseModel(text, 'lv.yaml'), {
    instanceOf: TrexError,
    message: /the stem leaves 75 of 224 pixels/,
  });
});

test('BERT cannot be longer than its position embeddings', t => {
  const message = /tokens 513: bert-base has position embeddings for 512 at most/;
  t.throws(() => buildGraph(loadModel('bert-base'), { tokens: 513 }), { instanceOf: TrexError, message });
  const text = modelText('bert-base').replace('tokens: 128', 'tokens: 600');
  t.throws(() => parseModel(text, 'bert.yaml'), { message: /600 tokens are more than the 512/ });
});

test("an image network's token count is fixed by its patches", t => {
  const deit = loadModel('deit-s');
  t.is(buildGraph(deit, { tokens: 197 }).model.tokens, 197);
  t.throws(() => buildGraph(deit, { tokens: 196 }), {
    instanceOf: TrexError,
    message: /deit-s has 197 tokens/,
  });
  t.throws(() => buildGraph(deit, { tokens: 1.5 }), { message: /whole number/ });
});
