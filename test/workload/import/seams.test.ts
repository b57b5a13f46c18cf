/** A layout of weight names that is declared here and stands in no folder of the source; what two layouts claim; names of files. */
import { readdirSync } from 'node:fs';
import test from 'ava';
import { modelFromConfigJson } from '../../../src/workload/import/config-json.ts';
import { detectLayout } from '../../../src/workload/import/detect-layout.ts';
import { type Layout, locate } from '../../../src/workload/import/layout.ts';
import { LAYOUTS } from '../../../src/workload/import/layouts/all.ts';
import type { ModelType } from '../../../src/workload/import/model-type.ts';
import { MODEL_TYPES } from '../../../src/workload/import/model-types/all.ts';

const ROOT = new URL('../../../../', import.meta.url);

const flax: Layout = {
  name: 'flax',
  title: 'ViT of Flax',
  families: ['vit'],
  mark: /^()()Transformer\/encoderblock_0\/MlpBlock_3\/Dense_0\/kernel$/,
  encoder: { fc1: '{p}Transformer/encoderblock_{i}/MlpBlock_3/Dense_0' },
  outside: {},
  positions: 'plain',
  fromShapes: 'refused',
};

const FLAX = 'Transformer/encoderblock_0/MlpBlock_3/Dense_0/kernel';
const TIMM = 'blocks.0.attn.qkv.weight';
const BERT = 'bert.encoder.layer.0.attention.self.query.weight';

test('a layout is one declaration: detected, named among the known, and followed', t => {
  const layouts = [...LAYOUTS, flax];
  const { layout, prefixes } = detectLayout(['x', FLAX], 'w', layouts);
  t.is(layout, flax);
  const parameter = { owner: 'e3.fc1', role: 'weight', shape: [4, 2] } as const;
  t.deepEqual(locate(layout, parameter, prefixes).names, [
    'Transformer/encoderblock_3/MlpBlock_3/Dense_0.weight',
  ]);
  t.throws(() => detectLayout(['x'], 'w', layouts), { message: /known: trex .*, flax \(ViT of Flax\)$/ });
  t.throws(() => detectLayout([FLAX]), { message: /fit no known layout/ });
});

test('names of two layouts are refused, unless one says that it extends the other', t => {
  t.throws(() => detectLayout([TIMM, BERT], 'w'), {
    message: 'w: the names of its tensors are those of timm ViT and DeiT and of Hugging Face BERT',
  });
  t.is(detectLayout([TIMM, 'patch_embed.conv1.weight']).layout.name, 'lv-vit');
  for (const { extends: other } of LAYOUTS as readonly Layout[])
    if (other !== undefined)
      t.true(
        LAYOUTS.some(({ name }) => name === other),
        other,
      );
});

test('a layout or model type without one of its parts does not compile', t => {
  const { fromShapes, ...silent } = flax;
  // @ts-expect-error: nothing says whether shapes tell the network
  const noShapes: Layout = silent;
  const { mark, ...unmarked } = flax;
  // @ts-expect-error: nothing says how it is recognised
  const noMark: Layout = unmarked;
  // @ts-expect-error: no such family
  const noFamily: Layout = { ...flax, families: ['vitt'] };
  const { fields, ...bare } = MODEL_TYPES[0];
  // @ts-expect-error: nothing says how its fields are read
  const noFields: ModelType = bare;
  t.truthy([noShapes, noMark, noFamily, noFields, fromShapes, mark, fields]);
});

test('a layout and a model type have the names of their files', t => {
  const filesOf = (folder: string): string[] =>
    readdirSync(new URL(`src/workload/import/${folder}`, ROOT))
      .map(file => file.replace(/\.ts$/, ''))
      .filter(file => file !== 'all')
      .sort();
  t.deepEqual(LAYOUTS.map(({ name }) => name).sort(), filesOf('layouts'));
  t.deepEqual(MODEL_TYPES.map(({ name }) => name).sort(), filesOf('model-types'));
});

test('a model type that no file declares is refused with those that are', t => {
  t.throws(() => modelFromConfigJson({ model_type: 'swin' }), { message: /known: vit, deit, bert/ });
});
