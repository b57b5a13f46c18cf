/** Networks of the field that are stacks of equal encoders or change their tokens: parameters and MACs of their public code, to the unit. */
import test from 'ava';
import { macTotals, paramTotal } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { loadModel, modelText, parseModel } from '../load.ts';

const counts = (model: ModelConfig) => {
  const { ops } = buildGraph(model);
  return { params: paramTotal(ops), ...macTotals(ops) };
};

const edited = (name: string, ...edits: [string | RegExp, string][]) =>
  parseModel(
    edits.reduce((text, [from, to]) => text.replace(from, to), modelText(name)),
    `models/${name}.yaml`,
  );

/** Tokens of each encoder's attention. */
const tokens = (model: ModelConfig): number[] =>
  buildGraph(model).ops.flatMap(op => (op.kind === 'static' && /^e\d+\.q$/.test(op.id) ? op.rows : []));

test('sigmoid and doubly-normalised attention leave the counts of DeiT-S as they are', t => {
  for (const name of ['deit-s-sigmoid', 'deit-s-double'])
    t.deepEqual(counts(loadModel(name)), counts(loadModel('deit-s')));
});

test('DeiT-B at 384 pixels has 577 tokens', t => {
  const { params, dynamic, static: known } = counts(loadModel('deit-b-384'));
  t.is(params, 86_567_656 + (577 - 197) * 768);
  t.is(known, 12 * 577 * 12 * 768 ** 2);
  t.is(dynamic, 12 * 2 * 577 ** 2 * 768);
});

// Stages' tokens and MACs counted over raoyongming/DynamicViT; its README prints them truncated.
for (const [name, rate, kept, total] of [
  ['dynamic-deit-s', 0.9, [177, 159, 143], 4_040_734_080],
  ['dynamic-deit-s', 0.8, [157, 126, 101], 3_463_053_504],
  ['dynamic-deit-s', 0.7, [138, 97, 68], 2_980_897_728],
  ['dynamic-deit-s', 0.6, [118, 71, 43], 2_564_715_072],
  ['dynamic-deit-s', 0.5, [99, 50, 25], 2_229_060_672],
  ['dynamic-deit-256', 0.7, [138, 97, 68], 1_374_597_760],
  ['dynamic-deit-t', 0.7, [138, 97, 68], 801_198_048],
  ['dynamic-lv-vit-s', 0.7, [138, 97, 68], 4_650_082_752],
] as const)
  test(`${name} at rate ${rate} has ${kept} tokens and ${total} MACs`, t => {
    const keep = [rate, rate * rate, rate * rate * rate].map(share => +share.toFixed(6));
    const model = edited(name, [/keep: \[.*\]/, `keep: [${keep}]`]);
    t.deepEqual([...new Set(tokens(model))], [197, ...kept]);
    t.is(counts(model).total, total);
  });

test('dynamic-deit-s spends 102,877,632 of its MACs on predictors', t => {
  const { static: known, dynamic } = counts(loadModel('dynamic-deit-s'));
  t.is(known, 2_654_208_000 + 102_877_632);
  t.is(dynamic, 165_625_344);
});

// Counted over youweiliang/evit, which prints 4.0, 3.0 and 2.3 G.
for (const [rate, fused, total, unfused, less] of [
  [0.9, [179, 163, 148], 4_021_873_152, [178, 161, 145], 3_988_126_464],
  [0.7, [140, 100, 72], 3_029_280_768, [139, 98, 69], 2_996_994_816],
  [0.5, [100, 52, 28], 2_308_835_328, [99, 50, 26], 2_282_378_496],
] as const)
  test(`EViT-DeiT-S at rate ${rate} counts ${total} MACs with the fused token, ${less} without`, t => {
    const keep: [RegExp, string] = [/keep: \[.*\]/, `keep: [${rate}, ${rate}, ${rate}]`];
    for (const [name, kept, macs] of [
      ['evit-deit-s', fused, total],
      ['evit-deit-s-drop', unfused, less],
    ] as const) {
      const model = edited(name, keep);
      t.deepEqual([...new Set(tokens(model))], [197, ...kept]);
      t.is(counts(model).total, macs);
      t.is(counts(model).params, 22_050_664);
    }
  });

test('a share of 1 keeps everything: the counts of the host', t => {
  const host = counts(loadModel('deit-s'));
  for (const name of ['dynamic-deit-s', 'evit-deit-s', 'evit-deit-s-drop'])
    t.deepEqual(counts(edited(name, [/keep: \[.*\]/, 'keep: [1, 1, 1]'])), host);
});

test('PIVOT takes the attention, its norm and its residual out of every second encoder, and nothing else', t => {
  const [skipped, host] = [counts(loadModel('pivot-deit-s')), counts(loadModel('deit-s'))];
  const d = 384;
  t.is(host.total - skipped.total, 6 * (4 * 197 * d * d + 2 * 197 ** 2 * d));
  t.is(host.params - skipped.params, 6 * (4 * (d * d + d) + 2 * d));
  const kinds = (model: ModelConfig) => buildGraph(model).ops.filter(op => op.encoder === 1);
  t.deepEqual(
    kinds(loadModel('pivot-deit-s')).map(op => op.stage),
    ['norm2', 'mlp', 'gelu', 'mlp', 'residual'],
  );
  t.is(
    counts(loadModel('lv-vit-s')).total - counts(loadModel('pivot-lv-vit-s')).total,
    8 * (4 * 197 * d * d + 2 * 197 ** 2 * d),
  );
});

test('one phase that keeps everything is DeiT-S; IRET grows the embedding while tokens go', t => {
  const [, stem, head] = [0, '  - { kind: conv, out: 384, kernel: 16, stride: 16, padding: 0 }', 0];
  const one = `name: iret-one
family: layers
source: one phase
imageSize: 224
classes: 1000
stem:
${stem}
body:
  - { kind: embedding }
  - { kind: encoders, count: 12, heads: 6 }
  - { kind: keep, share: 1 }
  - { kind: norm, eps: 1.0e-6 }
head:
  - { kind: token }
  - { kind: linear, out: classes }
`;
  t.deepEqual(counts(parseModel(one, 'one.yaml')), counts(loadModel('deit-s')));
  t.is(head, 0);
  for (const [name, phases, macs] of [
    [
      'iret-a',
      [
        [197, 96],
        [138, 192],
        [69, 384],
      ],
      0.8934e9,
    ],
    [
      'iret-b',
      [
        [197, 192],
        [118, 288],
        [59, 384],
      ],
      1.3384e9,
    ],
  ] as const) {
    const { ops } = buildGraph(loadModel(name));
    const sizes = ops.flatMap(op =>
      op.kind === 'static' && /^e[048]\.q$/.test(op.id) ? [[op.rows, op.in]] : [],
    );
    t.deepEqual(sizes as unknown, phases);
    const inEncoders = macTotals(ops.filter(op => op.encoder !== null)).total;
    t.true(Math.abs(inEncoders - macs) < 5e4, `${inEncoders}`);
    // Two levels of lifting, 4 H W C^2 (k + 1) each, and the patches of the coarse image.
    const lifting = 4 * 224 ** 2 * 9 * 5 * 1.25;
    t.is(macTotals(ops).stem, lifting + 196 * 48 * phases[0][1]);
  }
});

test('the CLIP encoder counts 24 layers on 577 tokens, HiRED 23 of them and 288 tokens that go on', t => {
  const clip = counts(loadModel('clip-l-14-336'));
  t.is(clip.static, 174_248_165_376);
  t.is(clip.dynamic, 16_364_126_208);
  t.is(clip.stem, 346_816_512);
  const hired = buildGraph(loadModel('hired-clip-l')).ops;
  const { total, stem } = macTotals(hired);
  t.is(total - stem, ((174_248_165_376 + 16_364_126_208) / 24) * 23);
  const last = hired[hired.length - 1];
  t.deepEqual([last.kind, 'to' in last && last.to], ['tokens', 288]);
});
