/** timm's config.json: the architectures whose heads are known, and what it shows that tensors do not. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { checkTimmConfig, isTimmConfig, timmHeads } from '../../../src/workload/import/timm-config.ts';

test('it is told from one of Hugging Face by its architecture', t => {
  t.true(isTimmConfig({ architecture: 'vit_small_patch16_224' }));
  t.false(isTimmConfig({ architecture: 'x', model_type: 'vit' }));
  t.false(isTimmConfig({ architectures: ['ViTModel'] }));
});

test('plain ViTs and DeiTs have heads of 64 channels', t => {
  for (const [architecture, heads] of [
    ['vit_tiny_patch16_224', 3],
    ['vit_small_patch32_384', 6],
    ['deit_base_distilled_patch16_384', 12],
    ['vit_large_patch14_224', 16],
    ['vit_small_patch16_dinov3', undefined],
    ['swin_tiny_patch4_window7_224', undefined],
  ] as const)
    t.is(timmHeads({ architecture }), heads, architecture);
  t.is(timmHeads({ architecture: 'vit_tiny_patch16_224', model_args: { num_heads: 6 } }), 6);
});

const refused: [object, RegExp][] = [
  [{ global_pool: 'avg' }, /config\.json: global_pool: "avg" is not supported/],
  [{ model_args: { global_pool: 'map' } }, /global_pool: "map"/],
  [{ model_args: { act_layer: 'quick_gelu' } }, /model_args\.act_layer: not known here/],
  [{ model_args: { block_fn: 'x' } }, /model_args\.block_fn/],
  [{ architecture: 'vit_base_patch16_clip_quickgelu_224' }, /architecture: .* is not supported/],
];

for (const [fields, message] of refused)
  test(`refused: ${JSON.stringify(fields)}`, t => {
    const config = { architecture: 'vit_tiny_patch16_224', ...fields };
    const error = t.throws(() => checkTimmConfig(config, 'config.json'), { instanceOf: TrexError, message });
    t.is(error?.exitCode, 3);
  });

test('what changes no result is taken', t => {
  const model_args = { img_size: 384, drop_path_rate: 0.1, global_pool: 'token' };
  t.notThrows(() =>
    checkTimmConfig(
      { architecture: 'vit_tiny_patch16_224', global_pool: 'token', model_args },
      'config.json',
    ),
  );
});
