/** A checkpoint that does not fit its model is refused, and everything that is wrong with it is told at once. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { parseReuse } from '../../../src/workload/reuse.ts';
import {
  checkpoint,
  hfBert,
  hfVit,
  lvVit,
  type Shapes,
  timmDeit,
  timmVit,
  tinyBert,
  tinyLvVit,
  tinyVit,
} from './checkpoints.ts';

const load = (shapes: Shapes, model: ModelConfig, reuse = 'none') =>
  loadWeights(checkpoint(shapes), buildGraph(model, { reuse: parseReuse(reuse, model.encoders) }), 'w');

const without = (shapes: Shapes, pattern: RegExp): Shapes => shapes.filter(([name]) => !pattern.test(name));

const instead = (shapes: Shapes, name: string, ...shape: number[]): Shapes =>
  shapes.map(s => (s[0] === name ? ([name, ...shape] as const) : s));

const refused: [string, () => unknown, RegExp | string][] = [
  [
    'every missing tensor in one list',
    () => load(without(timmVit, /blocks\.1\.norm1|pos_embed/), tinyVit()),
    'w: does not fit tiny-vit (names of timm ViT and DeiT)\n  missing: pos_embed, blocks.1.norm1.weight, blocks.1.norm1.bias',
  ],
  [
    'a fused tensor of the wrong shape, once',
    () => load(instead(timmVit, 'blocks.0.attn.qkv.weight', 4, 12), tinyVit()),
    'w: does not fit tiny-vit (names of timm ViT and DeiT)\n  blocks.0.attn.qkv.weight: expected [12, 4], got [4, 12]',
  ],
  [
    'another image size',
    () => load(instead(timmVit, 'pos_embed', 1, 17, 4), tinyVit()),
    /\n {2}pos_embed: expected \[5, 4\], got \[1, 17, 4\]; tiny-vit cuts an image of 4 pixels into 2 x 2 patches$/,
  ],
  [
    'two images of position embeddings',
    () => load(instead(timmVit, 'pos_embed', 2, 5, 4), tinyVit()),
    /expected \[5, 4\], got \[2, 5, 4\]/,
  ],
  [
    'many missing tensors, some of which are shown',
    () => load(without(timmVit, /blocks\.(0\.mlp|1)|norm/), tinyVit()),
    /missing: .*, .*,.* and \d+ more$/,
  ],
  [
    'no classifier',
    () => load(without(hfVit, /classifier/), tinyVit()),
    /missing: classifier.weight, classifier.bias/,
  ],
  [
    'more encoders than the model',
    () => load(timmVit, tinyVit({ encoders: 1 })),
    /2 encoders in the file, but tiny-vit has 1/,
  ],
  [
    'fewer encoders than the model',
    () => load(timmVit, tinyVit({ encoders: 3 })),
    /missing: blocks\.2\.norm1/,
  ],
  [
    'a bias that the model does not have',
    () => load(timmVit, tinyVit({ qkvBias: false })),
    /no part of tiny-vit reads blocks.0.attn.qkv.bias, blocks.1.attn.qkv.bias/,
  ],
  [
    'a plain checkpoint for a distilled model',
    () => load(timmVit, tinyVit({ distilled: true })),
    /missing: dist_token, head_dist.weight/,
  ],
  [
    'a distilled checkpoint for a plain model',
    () => load(timmDeit, tinyVit()),
    /pos_embed: expected \[5, 4\], got \[1, 6, 4\]/,
  ],
  [
    'weights of another family',
    () => load(hfBert, tinyVit()),
    'w: the weights are those of Hugging Face BERT, but tiny-vit is a model of family vit',
  ],
  ['LV-ViT for a ViT', () => load(lvVit, tinyVit()), /those of TokenLabeling's LV-ViT/],
  [
    'layer scale of one layer alone',
    () => load([...timmVit, ['blocks.0.ls1.gamma', 4]], tinyVit()),
    /missing: blocks.0.ls2.gamma \(layer scale\)/,
  ],
  [
    'a norm of what is pooled',
    () => load([...timmVit, ['fc_norm.weight', 4]], tinyVit()),
    /no part of tiny-vit reads fc_norm.weight; if it changes nothing .*--ignore-tensors 'fc_norm\.\*'/,
  ],
  [
    'relative positions in BERT',
    () =>
      load([...hfBert, ['bert.encoder.layer.0.attention.self.distance_embedding.weight', 11, 2]], tinyBert()),
    /relative positions/,
  ],
  [
    'names that nobody knows',
    () =>
      load(
        [
          ['conv1.weight', 1],
          ['layer1.0.bn1.weight', 1],
        ],
        tinyVit(),
      ),
    /^w: the names of its tensors fit no known layout: it begins conv1.weight, layer1.0.bn1.weight; known: trex .*timm .*hf-bert/,
  ],
  ['no tensors at all', () => load([], tinyVit()), /fit no known layout: it holds no tensors/],
  [
    'transformation blocks that were never trained',
    () => load(timmVit, tinyVit(), 'encoders:1'),
    /missing: e1.transformNorm.weight, .*; encoders 1 reuse attention, and the transformation blocks .* have to be trained/,
  ],
];

for (const [what, run, message] of refused)
  test(`refused: ${what}`, t => {
    const error = t.throws(run, { instanceOf: TrexError, message });
    t.is((error as TrexError).exitCode, 3);
  });

test('the first names of a strange checkpoint are shown, not all', t => {
  const strange: Shapes = Array.from({ length: 40 }, (_, i) => [`x${i}`, 1] as const);
  t.throws(() => load(strange, tinyVit()), {
    message: /begins x0, x1, x2, x3, x4, x5, \.\.\. \(40 in all\)/,
  });
});

test('tensors that no part of the network reads are refused by name', t => {
  t.throws(() => load([...timmVit, ['decoder.weight', 3], ['decoder.bias', 1]], tinyVit()), {
    message: `w: does not fit tiny-vit (names of timm ViT and DeiT)\n  no part of tiny-vit reads decoder.weight, decoder.bias; if they change nothing of the result: --ignore-tensors 'decoder.*'`,
  });
  const auxHead = () => load(lvVit, tinyLvVit({ auxHead: false }));
  t.throws(auxHead, { message: /reads aux_head\.weight, aux_head\.bias; .*'aux_head\.\*'/ });
  const words: Shapes = [...without(hfBert, /classifier/), ['cls.predictions.bias', 11]];
  t.throws(() => load(words, tinyBert()), {
    message: /reads cls\.predictions\.bias; .*'cls\.predictions\.\*'/,
  });
});

test('tensors that change nothing are known by declaration, and told with the reason', t => {
  t.deepEqual(load(without(hfBert, /classifier/), tinyBert()).warnings, [
    'w: not read: bert.pooler.dense.weight, bert.pooler.dense.bias: the pooler, another output of the network, which what is read out here does not need',
    'w: not read: bert.embeddings.position_ids: the numbers 0, 1, 2 ..., which are counted anew',
  ]);
  const counted: Shapes = [...lvVit, ['patch_embed.bn1.num_batches_tracked']];
  t.deepEqual(load(counted, tinyLvVit()).warnings, [
    'w: not read: patch_embed.bn1.num_batches_tracked: a counter of training steps',
  ]);
});

test('a reuse encoder takes its transformation block from the checkpoint and leaves Q, K and V alone', t => {
  const blocks: Shapes = [
    ['e1.transformNorm.weight', 4],
    ['e1.transformNorm.bias', 4],
    ['e1.transform.weight', 4, 4],
    ['e1.transform.bias', 4],
  ];
  const { weights, warnings } = load([...timmVit, ...blocks], tinyVit(), 'encoders:1');
  t.deepEqual(warnings, []);
  t.is(weights.linear('e1.transform').out, 4);
  t.throws(() => weights.linear('e1.q'), { message: /no parameter e1.q/ });
  t.throws(() => load([...timmVit, ...blocks], tinyVit(), 'encoders:1').weights.rows('nothing'));
});

test('a distilled network without its second head reads one classifier', t => {
  const model = tinyVit({ distilled: true, distilledHead: false });
  const { weights, warnings } = load(without(timmDeit, /head_dist/), model);
  t.deepEqual(warnings, []);
  t.is(weights.rows('embedding.class').length, 8);
  t.is(buildGraph(model).ops.at(-1)!.id, 'head');
});
