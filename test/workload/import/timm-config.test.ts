/** timm's config.json: the architectures that are known, what it tells that tensors do not, and what it is refused for. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { isTimmConfig, timmTold } from '../../../src/workload/import/timm-config.ts';

test('it is told from one of Hugging Face by its architecture', t => {
  t.true(isTimmConfig({ architecture: 'vit_small_patch16_224' }));
  t.false(isTimmConfig({ architecture: 'x', model_type: 'vit' }));
  t.false(isTimmConfig({ architectures: ['ViTModel'] }));
});

const told = (fields: object) => timmTold(fields as never, 'config.json').fields;

test('architectures are known by their heads, and by what leaves no trace in tensors', t => {
  for (const [architecture, fields] of [
    ['vit_tiny_patch16_224', { heads: 3 }],
    ['vit_small_patch32_384', { heads: 6 }],
    ['deit_base_distilled_patch16_384', { heads: 12 }],
    ['vit_large_patch14_224', { heads: 16 }],
    ['deit3_medium_patch16_224', { heads: 8 }],
    ['vit_small_patch14_dinov2', { heads: 6 }],
    ['vit_giant_patch14_reg4_dinov2', { heads: 24 }],
    ['vit_base_patch16_siglip_224', { heads: 12, pool: 'attention' }],
    ['vit_base_patch32_siglip_gap_256', { heads: 12, pool: 'mean', activation: 'gelu-tanh' }],
    ['vit_base_patch32_clip_224', { heads: 12, normEps: 1e-5 }],
    ['vit_large_patch14_clip_quickgelu_224', { heads: 16, normEps: 1e-5, activation: 'quick-gelu' }],
    ['vit_base_patch16_rpn_224', { heads: 12, norm: 'res-post', pool: 'mean' }],
    ['vit_small_patch16_dinov3', {}],
    ['swin_tiny_patch4_window7_224', {}],
  ] as const)
    t.deepEqual(told({ architecture }), fields, architecture);
});

test('what was built otherwise wins over the architecture, the file over where its weights began', t => {
  const architecture = 'vit_tiny_patch16_224';
  t.is(told({ architecture, model_args: { num_heads: 6 } }).heads, 6);
  t.is(told({ architecture, model_args: { act_layer: 'quick_gelu' } }).activation, 'quick-gelu');
  t.is(told({ architecture, pretrained_cfg: { global_pool: 'avg' } }).pool, 'mean');
  t.is(told({ architecture, global_pool: 'token', pretrained_cfg: { global_pool: 'avg' } }).pool, 'class');
  t.is(told({ architecture, global_pool: 'token', model_args: { global_pool: 'avg' } }).pool, 'mean');
});

test('it tells sizes that the image may have', t => {
  const images = (fields: object) => timmTold({ architecture: 'x', ...fields }, 'c').images;
  t.deepEqual(images({ model_args: { img_size: [96, 64] } }), [{ height: 96, width: 64 }]);
  t.deepEqual(images({ pretrained_cfg: { input_size: [3, 224, 224] } }), [{ height: 224, width: 224 }]);
});

const refused: [object, RegExp][] = [
  [{ global_pool: 'max' }, /config\.json: global_pool: "max" is not supported; known: "token", "avg", "map"/],
  [{ pretrained_cfg: { global_pool: 'avgmax' } }, /global_pool: "avgmax"/],
  [{ model_args: { global_pool: 'prr' } }, /global_pool: "prr"/],
  [{ model_args: { act_layer: 'mish' } }, /model_args\.act_layer: "mish" is not supported; known: "gelu"/],
  [{ model_args: { block_fn: 'x' } }, /model_args\.block_fn: not known here/],
  [{ model_args: { pool_include_prefix: true } }, /model_args\.pool_include_prefix: not known here/],
  [{ model_args: { num_heads: 1.5 } }, /model_args\.num_heads: expected a whole number/],
  [{ model_args: { img_size: 'x' } }, /model_args\.img_size: expected one or two whole numbers/],
  [{ temperature: 2 }, /config\.json: temperature: not known here/],
  [{ architecture: 'vit_small_patch16_rpn_9_x' }, /architecture: .* is not supported/],
  [{ architecture: 'vit_relpos_quickgelu' }, /architecture: .* is not supported/],
];

for (const [fields, message] of refused)
  test(`refused: ${JSON.stringify(fields)}`, t => {
    const config = { architecture: 'vit_tiny_patch16_224', ...fields };
    const error = t.throws(() => timmTold(config, 'config.json'), { instanceOf: TrexError, message });
    t.is(error?.exitCode, 3);
  });

test('what changes no result is taken', t => {
  const model_args = { img_size: 384, drop_path_rate: 0.1, global_pool: 'token' };
  const architecture = 'vit_tiny_patch16_224';
  t.notThrows(() => timmTold({ architecture, global_pool: 'token', model_args }, 'config.json'));
});
