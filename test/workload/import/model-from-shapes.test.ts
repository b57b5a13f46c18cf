/** The shapes of a timm checkpoint tell everything about its network but the number of heads. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import { modelFromShapes } from '../../../src/workload/import/model-from-shapes.ts';
import { square } from '../../../src/workload/size.ts';
import { checkpoint, hfVit, type Shapes, timmDeit, timmVit } from './checkpoints.ts';

const without = (pattern: RegExp): Shapes => timmVit.filter(([name]) => !pattern.test(name));

test('a ViT: image, patch, width, depth, MLP and classes', t => {
  const tensors = checkpoint(timmVit);
  const model = modelFromShapes(tensors, { heads: 2 });
  t.like(model, {
    name: 'checkpoint',
    family: 'vit',
    imageSize: 4,
    patchSize: 2,
    inChannels: 3,
    classes: 5,
    encoders: 2,
    dim: 4,
    heads: 2,
    hidden: 8,
    qkvBias: true,
    normEps: 1e-6,
    distilled: false,
    tokens: 5,
  });
  t.deepEqual(loadWeights(tensors, buildGraph(model)).warnings, []);
});

test('a distilled DeiT, with and without its second head', t => {
  const model = modelFromShapes(checkpoint(timmDeit), { heads: 1, name: 'deit', normEps: 1e-5 });
  t.like(model, {
    name: 'deit',
    distilled: true,
    distilledHead: true,
    tokens: 6,
    imageSize: 4,
    normEps: 1e-5,
  });
  const one = checkpoint(timmDeit.filter(([name]) => !name.startsWith('head_dist')));
  t.like(modelFromShapes(one, { heads: 1 }), { distilled: true, distilledHead: false });
});

test('Q, K and V without bias', t => {
  t.like(modelFromShapes(checkpoint(without(/qkv\.bias/)), { heads: 2 }), { qkvBias: false });
});

test('a prefix changes nothing', t => {
  const shapes = timmVit.map(([name, ...shape]) => [`module.${name}`, ...shape] as const);
  t.like(modelFromShapes(checkpoint(shapes), { heads: 2 }), { encoders: 2, dim: 4 });
});

test('what tensors show of a network: no head, no class token, no position of it, registers, an oblong image', t => {
  const model = (shapes: Shapes, images = [square(4)]) =>
    modelFromShapes(checkpoint(shapes), { heads: 2, images });
  t.is(model(without(/^head/)).classes, undefined);
  const bare: Shapes = [...without(/cls_token|pos_embed/), ['pos_embed', 1, 4, 4]];
  t.like(model(bare), { classToken: false, pool: 'mean', tokens: 4 });
  t.like(model([...without(/pos_embed/), ['pos_embed', 1, 4, 4]]), { positions: 'patches', tokens: 5 });
  t.like(model([...timmVit, ['reg_token', 1, 4, 4]]), { registers: 4, positions: 'all', tokens: 9 });
  const oblong: Shapes = [...without(/pos_embed/), ['pos_embed', 1, 7, 4]];
  t.like(model(oblong, [{ height: 4, width: 6 }]), { image: { height: 4, width: 6 }, tokens: 7 });
  const afterPool: Shapes = [...without(/^norm\./), ['fc_norm.weight', 4], ['fc_norm.bias', 4]];
  t.like(model(afterPool), { pool: 'mean', finalNorm: 'pooled' });
});

const refused: [string, () => unknown, RegExp][] = [
  [
    'heads that do not divide the width',
    () => modelFromShapes(checkpoint(timmVit), { heads: 3 }),
    /heads: 3 heads do not divide dim 4/,
  ],
  [
    'no heads',
    () => modelFromShapes(checkpoint(timmVit), { heads: 0 }),
    /its shapes do not make a model: heads/,
  ],
  [
    'another layout',
    () => modelFromShapes(checkpoint(hfVit), { heads: 2 }),
    /timm ViT and DeiT only, not of Hugging Face ViT/,
  ],
  [
    'an oblong image',
    () => modelFromShapes(checkpoint([...without(/pos_embed/), ['pos_embed', 1, 7, 4]]), { heads: 2 }),
    /pos_embed: 7 rows with 1 learned tokens: 6 patches are not those of a square image/,
  ],
  [
    'a flat patch projection',
    () =>
      modelFromShapes(checkpoint([...without(/proj\.weight/), ['patch_embed.proj.weight', 4, 12]]), {
        heads: 2,
      }),
    /patch_embed.proj.weight: expected 4 dimensions, got \[4, 12\]/,
  ],
];

for (const [what, run, message] of refused)
  test(`refused: ${what}`, t => {
    const error = t.throws(run, { instanceOf: TrexError, message });
    t.is((error as TrexError).exitCode, 3);
  });
