/** transformers' image networks, whole: weights and config.json in, what their own forward passes give out, within float32. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { add, map, type Rows, relativeError } from '../../numerics/execute/oracle.ts';
import { Checkpoint, image, inferImage, layer, mean, type Run, type Shapes } from './checkpoint.ts';
import {
  clipParts,
  dinov2,
  dinov2Logits,
  dinov2Shapes,
  SIDES,
  side,
  sideShapes,
  siglipHead,
  siglipParts,
  siglipPooled,
  stack,
  vit,
  vitShapes,
} from './transformers-images.ts';

const TOLERANCE = 1e-5;
const x = image(SIDES);

const vitTokens: Shapes = [
  ['cls_token', 1, 1, 12],
  ['position_embeddings', 1, 10, 12],
];
const deitTokens: Shapes = [
  ['cls_token', 1, 1, 12],
  ['distillation_token', 1, 1, 12],
  ['position_embeddings', 1, 11, 12],
];
const two = [layer('cls_classifier', 5, 12), layer('distillation_classifier', 5, 12)];

interface Case {
  readonly shapes: Shapes;
  readonly want: (c: Checkpoint) => Rows;
  readonly run: Run;
}

const five = { id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e' } };
const vitConfig = { model_type: 'vit', ...stack };
const dino = { model_type: 'dinov2', ...stack, intermediate_size: undefined };
const registered = { ...dino, model_type: 'dinov2_with_registers', num_register_tokens: 4 };
const clip = { model_type: 'clip_vision_model', ...stack };
const siglip = { model_type: 'siglip_vision_model', ...stack };
const text: Shapes = [
  ['text_model.embeddings.token_embedding.weight', 4, 12],
  ['text_projection.weight', 7, 12],
  ['logit_scale'],
];

const twoHeads = (c: Checkpoint): Rows => {
  const y = vit(c, 'deit.', x);
  const sum = add(c.linear([y[0]], 'cls_classifier'), c.linear([y[1]], 'distillation_classifier'));
  return map(sum, v => v / 2);
};
const clipPooled = (c: Checkpoint): Rows =>
  c.norm([side(c, x, 'quickGelu', 1e-5)[0]], 'vision_model.post_layernorm', 1e-5);
const siglipHidden = (c: Checkpoint): Rows =>
  c.norm(side(c, x, 'geluTanh', 1e-6), 'vision_model.post_layernorm', 1e-6);

const cases: Readonly<Record<string, Case>> = {
  'ViT with a classifier': {
    shapes: vitShapes('vit.', vitTokens, layer('classifier', 5, 12)),
    want: c => c.linear([vit(c, 'vit.', x)[0]], 'classifier'),
    run: { config: { ...vitConfig, ...five, architectures: ['ViTForImageClassification'] } },
  },
  'ViT with a classifier that no architectures and no labels name, and relu': {
    shapes: vitShapes('vit.', vitTokens, layer('classifier', 5, 12)),
    want: c => c.linear([vit(c, 'vit.', x, 'relu')[0]], 'classifier'),
    run: { config: { ...vitConfig, hidden_act: 'relu' } },
  },
  'ViT with quick GELU and another epsilon': {
    shapes: vitShapes('vit.', vitTokens, layer('classifier', 5, 12)),
    want: c => c.linear([vit(c, 'vit.', x, 'quickGelu', 1e-3)[0]], 'classifier'),
    run: { config: { ...vitConfig, hidden_act: 'quick_gelu', layer_norm_eps: 1e-3 } },
  },
  'a bare ViT gives its hidden states': {
    shapes: vitShapes('', vitTokens, layer('pooler.dense', 12, 12)),
    want: c => vit(c, '', x),
    run: { config: { ...vitConfig, architectures: ['ViTModel'] } },
  },
  'ViT whose classifier is left out': {
    shapes: vitShapes('vit.', vitTokens, layer('classifier', 5, 12)),
    want: c => vit(c, 'vit.', x),
    run: {
      config: { ...vitConfig, ...five, architectures: ['ViTForImageClassification'] },
      options: { ignoreTensors: 'classifier.*' },
    },
  },
  'DeiT with two heads that no architectures name': {
    shapes: vitShapes('deit.', deitTokens, ...two),
    want: twoHeads,
    run: { config: { model_type: 'deit', ...stack } },
  },
  'DeiT with one head': {
    shapes: vitShapes('deit.', deitTokens, layer('classifier', 5, 12)),
    want: c => c.linear([vit(c, 'deit.', x)[0]], 'classifier'),
    run: { config: { model_type: 'deit', ...stack } },
  },
  'a bare DINOv2': {
    shapes: dinov2Shapes('', 0, false),
    want: c => dinov2(c, '', x),
    run: { config: { ...dino, architectures: ['Dinov2Model'], layerscale_value: 1 } },
  },
  'DINOv2 with a classifier, and registers': {
    shapes: dinov2Shapes('dinov2_with_registers.', 4, false, layer('classifier', 5, 24)),
    want: c => dinov2Logits(c, dinov2(c, 'dinov2_with_registers.', x), 4),
    run: { config: { ...registered, ...five } },
  },
  'DINOv2 with SwiGLU': {
    shapes: dinov2Shapes('dinov2.', 0, true, layer('classifier', 5, 24)),
    want: c => dinov2Logits(c, dinov2(c, 'dinov2.', x), 0),
    run: { config: { ...dino, use_swiglu_ffn: true } },
  },
  'the image side of CLIP, bare': {
    shapes: sideShapes(clipParts),
    want: clipPooled,
    run: { config: { ...clip, architectures: ['CLIPVisionModel'] } },
  },
  'the image side of CLIP with its projection': {
    shapes: sideShapes(clipParts, [['visual_projection.weight', 7, 12]]),
    want: c => c.linear(clipPooled(c), 'visual_projection'),
    run: { config: { ...clip, projection_dim: 7 } },
  },
  'both sides of CLIP, of which one is left out': {
    shapes: sideShapes(clipParts, [['visual_projection.weight', 7, 12]], text),
    want: c => c.linear(clipPooled(c), 'visual_projection'),
    run: {
      config: {
        model_type: 'clip',
        architectures: ['CLIPModel'],
        projection_dim: 7,
        text_config: {},
        vision_config: { ...clip, projection_dim: 7 },
      },
      options: { ignoreTensors: 'text_model.*,text_projection.*,logit_scale' },
    },
  },
  'CLIP with a classifier on the mean of the patches': {
    shapes: sideShapes(clipParts, layer('classifier', 5, 12)),
    want: c => c.linear(mean(side(c, x, 'quickGelu', 1e-5).slice(1)), 'classifier'),
    run: {
      config: { model_type: 'clip', architectures: ['CLIPForImageClassification'], vision_config: clip },
      options: { ignoreTensors: 'vision_model.post_layernorm.*' },
    },
  },
  'the image side of SigLIP': {
    shapes: sideShapes(siglipParts, siglipHead),
    want: c => siglipPooled(c, siglipHidden(c)),
    run: { config: { ...siglip, architectures: ['SiglipVisionModel'] } },
  },
  'the image side of SigLIP without its pooling': {
    shapes: sideShapes(siglipParts),
    want: siglipHidden,
    run: { config: { ...siglip, vision_use_head: false, architectures: ['SiglipVisionModel'] } },
  },
  'SigLIP with a classifier on the mean of all tokens': {
    shapes: sideShapes(siglipParts, layer('classifier', 5, 12)),
    want: c => c.linear(mean(siglipHidden(c)), 'classifier'),
    run: { config: { model_type: 'siglip', vision_config: siglip } },
  },
};

for (const [name, { shapes, want, run }] of Object.entries(cases))
  test(`transformers: ${name}`, async t => {
    const checkpoint = new Checkpoint(3, shapes);
    const rows = want(checkpoint);
    const { logits, shape } = await inferImage(checkpoint, x, SIDES, run);
    const got = rows.map((row, i) => [...logits.slice(i * row.length, (i + 1) * row.length)]);
    t.deepEqual(shape, rows.length === 1 ? [1, rows[0].length] : [1, rows.length, rows[0].length]);
    t.true(relativeError(got, rows) < TOLERANCE, `${got[0]} for ${rows[0]}`);
  });

const head = vitShapes('vit.', vitTokens, layer('classifier', 5, 12));
const refused: Readonly<Record<string, [Shapes, Run, RegExp]>> = {
  'a head that the architecture does not have': [
    head,
    { config: { ...vitConfig, architectures: ['ViTModel'] } },
    /architectures: ViTModel ends in a network without a head, but the tensors are those of a head of kind 'one'/,
  ],
  'an architecture whose head is not there': [
    vitShapes('vit.', vitTokens),
    { config: { ...vitConfig, architectures: ['ViTForImageClassification'] } },
    /ViTForImageClassification ends in a head of kind 'one', but the tensors are those of a network without a head/,
  ],
  'other labels than the classifier has': [
    head,
    { config: { ...vitConfig, num_labels: 3 } },
    /classifier\.weight: expected \[3, 12\], got \[5, 12\]/,
  ],
  'no number of heads': [
    head,
    { config: { ...vitConfig, num_attention_heads: undefined } },
    /num_attention_heads: is not there; the default of 12 belongs to hidden_size 768, not to 12: add it, or give --heads/,
  ],
  'a field that nobody knows': [
    head,
    { config: { ...vitConfig, num_attention_head: 4 } },
    /num_attention_head: not known for model type vit \(did you mean num_attention_heads\?\); if it changes nothing/,
  ],
  'both sides of CLIP': [
    sideShapes(clipParts, [['visual_projection.weight', 7, 12]], text),
    { config: { model_type: 'clip', vision_config: { ...clip, projection_dim: 7 } } },
    /no part of clip reads text_model\.embeddings.*--ignore-tensors 'text_model\.embeddings\.\*,text_projection\.\*,logit_scale'/,
  ],
  'DINOv2 without layer scale': [
    dinov2Shapes('', 0, false).filter(([name]) => !name.includes('1.layer_scale2')),
    { config: dino },
    /missing: encoder\.layer\.1\.layer_scale2\.lambda1/,
  ],
};

for (const [name, [shapes, run, message]] of Object.entries(refused))
  test(`refused: ${name}`, async t => {
    const checkpoint = new Checkpoint(3, shapes);
    await t.throwsAsync(inferImage(checkpoint, x, SIDES, run), { instanceOf: TrexError, message });
  });

test('--heads stands in for a configuration without them, and does not contradict one', async t => {
  const checkpoint = new Checkpoint(3, head);
  const silent = { ...vitConfig, num_attention_heads: undefined };
  const { logits } = await inferImage(checkpoint, x, SIDES, { config: silent, options: { heads: 3 } });
  t.true(relativeError([[...logits]], cases['ViT with a classifier'].want(checkpoint)) < TOLERANCE);
  const both = inferImage(checkpoint, x, SIDES, { config: vitConfig, options: { heads: 4 } });
  await t.throwsAsync(both, { message: /num_attention_heads: 3, but --heads 4/ });
});

test('what is not read is told with the reason', async t => {
  const checkpoint = new Checkpoint(3, sideShapes(clipParts));
  const { warnings } = await inferImage(checkpoint, x, SIDES, { config: clip });
  t.deepEqual(warnings, [
    'w/model.safetensors: not read: vision_model.embeddings.position_ids: the numbers 0, 1, 2 ..., which are counted anew',
  ]);
});
