/** timm's vision transformers, whole: weights and config.json in, the logits of timm's own forward pass out, within float32. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { type Rows, relativeError } from '../../numerics/execute/oracle.ts';
import { Checkpoint, image, inferImage, type Run, type Shapes, type Sides } from './checkpoint.ts';
import { CLASSES, type TimmNetwork, timmForward, timmShapes } from './timm-forward.ts';

/** Float32 over a few layers. */
const TOLERANCE = 1e-5;
const SQUARE: Sides = [12, 12];

interface Case {
  readonly shapes: Shapes;
  readonly network: TimmNetwork;
  readonly config?: object;
  readonly options?: object;
}

const plain = { heads: 3, size: SQUARE };
const avg = timmShapes({ positions: 10, norms: ['fc_norm'] });
const mae = { ...plain, pool: 'avg' } as const;
const dinov2 = timmShapes({
  positions: 9,
  registers: 4,
  layerScale: true,
  packed: true,
  norms: ['norm'],
});

// num_heads makes the tiny ones of the real architectures.
const built = (architecture: string, more: object = {}): object => ({
  architecture,
  num_classes: CLASSES,
  model_args: { num_heads: 3 },
  ...more,
});

const cases: Readonly<Record<string, Case>> = {
  'fc_norm, told by global_pool': { shapes: avg, network: mae, config: built('x', { global_pool: 'avg' }) },
  'fc_norm, told by pretrained_cfg alone': {
    shapes: avg,
    network: mae,
    config: built('vit_base_patch16_224', { pretrained_cfg: { global_pool: 'avg' } }),
  },
  'fc_norm, told by the tensors alone': { shapes: avg, network: mae, options: { heads: 3 } },
  'mean of all patches without a norm of its own': {
    shapes: timmShapes({ positions: 10, norms: ['norm'] }),
    network: mae,
    config: built('vit_base_patch16_224', { global_pool: 'avg' }),
  },
  'DeiT III: layer scale, and a class token without position': {
    shapes: timmShapes({ positions: 9, layerScale: true, norms: ['norm'] }),
    network: { ...plain, pool: 'token', noEmbedClass: true },
    config: built('deit3_small_patch16_224'),
  },
  'DINOv2 with registers and SwiGLU': {
    shapes: dinov2,
    network: { ...plain, pool: 'token', noEmbedClass: true, act: 'silu' },
    config: built('vit_giant_patch14_reg4_dinov2', {
      global_pool: 'token',
      pretrained_cfg: { input_size: [3, 12, 12] },
    }),
  },
  'SigLIP: no class token, attention pooling': {
    shapes: timmShapes({ positions: 9, classToken: false, norms: ['norm'], attentionPool: true }),
    network: { ...plain, pool: 'map', act: 'geluTanh' },
    config: built('vit_so400m_patch16_siglip_256'),
  },
  'CLIP: quick GELU, a norm before the first encoder, no bias of the patches': {
    shapes: timmShapes({ positions: 10, patchBias: false, norms: ['norm_pre', 'norm'] }),
    network: { ...plain, pool: 'token', act: 'quickGelu', eps: 1e-5 },
    config: built('vit_base_patch32_clip_quickgelu_224'),
  },
  'norms behind attention and MLP (res-post-norm)': {
    shapes: timmShapes({ positions: 9, classToken: false, qkvBias: false, norms: ['fc_norm'] }),
    network: { ...plain, pool: 'avg', resPost: true },
    config: built('vit_base_patch16_rpn_224'),
  },
  'relu, told by act_layer': {
    shapes: timmShapes({ positions: 10, norms: ['norm'] }),
    network: { ...plain, pool: 'token', act: 'relu' },
    config: built('x', { model_args: { num_heads: 3, act_layer: 'relu' } }),
  },
  'an oblong image in oblong patches': {
    shapes: timmShapes({ positions: 7, patch: [6, 4], norms: ['norm'] }),
    network: { heads: 3, size: [12, 12], pool: 'token' },
    options: { heads: 3, imageSize: '12x12' },
  },
  'an oblong image, told by img_size': {
    shapes: timmShapes({ positions: 7, norms: ['norm'] }),
    network: { heads: 3, size: [8, 12], pool: 'token' },
    config: built('x', { model_args: { num_heads: 3, img_size: [8, 12] } }),
  },
};

for (const [name, { shapes, network, ...run }] of Object.entries(cases))
  test(`timm: ${name}`, async t => {
    const checkpoint = new Checkpoint(7, shapes);
    const x = image(network.size);
    const want = timmForward(checkpoint, x, network);
    const { logits, shape, warnings } = await inferImage(checkpoint, x, network.size, run);
    t.deepEqual(shape, [1, CLASSES]);
    t.deepEqual(warnings, []);
    t.true(relativeError([[...logits]], want) < TOLERANCE, `${[...logits]} for ${want}`);
  });

test("DeiT III and DINOv2 under the names of their authors' own files", async t => {
  const own: Record<string, string> = { reg_token: 'register_tokens' };
  const names = (old: string): string =>
    (own[old] ?? old)
      .replace('ls1.gamma', 'gamma_1')
      .replace('ls2.gamma', 'gamma_2')
      .replace('mlp.fc1', 'mlp.w12')
      .replace('mlp.fc2', 'mlp.w3');
  // Their registers have no position, their class token has.
  const shapes = dinov2.map(s => (s[0] === 'pos_embed' ? (['pos_embed', 1, 10, 12] as const) : s));
  const checkpoint = new Checkpoint(8, shapes);
  const x = image(SQUARE);
  const rows = checkpoint.rows('pos_embed');
  const none = new Array<number>(12).fill(0);
  const positions = [rows[0], none, none, none, none, ...rows.slice(1)];
  const want = timmForward(checkpoint, x, { ...plain, pool: 'token', act: 'silu', positions });
  const run = { options: { heads: 3, ignoreTensors: 'mask_*' } };
  const renamed = checkpoint.renamed(names);
  renamed.tensors.set('mask_token', { shape: [1, 12], data: new Float32Array(12) });
  const { logits } = await inferImage(renamed, x, SQUARE, run);
  t.true(relativeError([[...logits]], want) < TOLERANCE);
});

test('without a head the output is what is pooled', async t => {
  const checkpoint = new Checkpoint(9, avg).renamed(n => (n.startsWith('head.') ? undefined : n));
  const x = image(SQUARE);
  const { logits, shape } = await inferImage(checkpoint, x, SQUARE, { options: { heads: 3 } });
  t.deepEqual(shape, [1, 12]);
  t.true(relativeError([[...logits]], timmForward(checkpoint, x, mae)) < TOLERANCE);
});

test('torch.compile’s prefix changes nothing, wherever it stands', async t => {
  const checkpoint = new Checkpoint(9, avg);
  const x = image(SQUARE);
  const want = await inferImage(checkpoint, x, SQUARE, { options: { heads: 3 } });
  for (const name of [
    (n: string) => `_orig_mod.${n}`,
    (n: string) => n.replace('attn.', 'attn._orig_mod.'),
  ]) {
    const got = await inferImage(checkpoint.renamed(name), x, SQUARE, { options: { heads: 3 } });
    t.deepEqual(got.logits, want.logits);
  }
});

const refused: Readonly<Record<string, [Checkpoint, Run, RegExp]>> = {
  'a head that no part reads': [
    new Checkpoint(1, [...avg, ['aux.weight', 3, 12], ['aux.bias', 3]]),
    { options: { heads: 3 } },
    /no part of checkpoint reads aux\.weight, aux\.bias; if they change nothing .*--ignore-tensors 'aux\.\*'/,
  ],
  'layer scale of one encoder alone': [
    new Checkpoint(1, [...avg, ['blocks.0.ls1.gamma', 12]]),
    { options: { heads: 3 } },
    /missing: blocks\.0\.ls2\.gamma \(layer scale\)/,
  ],
  'a norm in the attention': [
    new Checkpoint(1, [...avg, ['blocks.0.attn.q_norm.weight', 4]]),
    { options: { heads: 3 } },
    /another kind of network, with a norm inside the attention/,
  ],
  'attention pooling, where the configuration says class token': [
    new Checkpoint(1, timmShapes({ positions: 10, norms: ['norm'], attentionPool: true })),
    { config: built('x', { global_pool: 'token' }) },
    /no part of x reads attn_pool\.latent/,
  ],
  'a pattern that names no tensor': [
    new Checkpoint(1, avg),
    { options: { heads: 3, ignoreTensors: 'blocks.9.*' } },
    /--ignore-tensors blocks\.9\.\*: w\/model\.safetensors has no such tensor/,
  ],
  'rows of positions that fit two networks': [
    new Checkpoint(1, dinov2),
    { options: { heads: 3 } },
    /pos_embed: 9 rows with 5 learned tokens are those of more than one network; --image-size tells which/,
  ],
  'two norms': [
    new Checkpoint(1, timmShapes({ positions: 10, norms: ['norm', 'fc_norm'] })),
    { options: { heads: 3 } },
    /norm and fc_norm/,
  ],
  'an image size that is none': [
    new Checkpoint(1, avg),
    { options: { heads: 3, imageSize: '0x3' } },
    /--image-size 0x3: expected pixels/,
  ],
  'an image size that patches do not divide': [
    new Checkpoint(1, avg),
    { options: { heads: 3, imageSize: '13' } },
    /image size 13: checkpoint: patches of 4 pixels do not divide an image of 13/,
  ],
};

for (const [name, [checkpoint, run, message]] of Object.entries(refused))
  test(`refused: ${name}`, async t => {
    await t.throwsAsync(inferImage(checkpoint, image(SQUARE), SQUARE, run), {
      instanceOf: TrexError,
      message,
    });
  });

test('what --ignore-tensors names is left out', async t => {
  const checkpoint = new Checkpoint(1, [...avg, ['aux.weight', 3, 12], ['aux.bias', 3]]);
  const x = image(SQUARE);
  const run = { options: { heads: 3, ignoreTensors: 'aux.weight, *.bia?,aux.b*' } };
  await t.throwsAsync(inferImage(checkpoint, x, SQUARE, run), { message: /\*\.bia\?: .* no such tensor/ });
  const { logits } = await inferImage(checkpoint, x, SQUARE, {
    options: { heads: 3, ignoreTensors: 'aux.*' },
  });
  const want: Rows = timmForward(checkpoint, x, mae);
  t.true(relativeError([[...logits]], want) < TOLERANCE);
});
