/** Tiny checkpoints written by hand, one per layout, and the tiny models that they fit. */

import { parseSafetensors } from '../../../src/workload/import/safetensors.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/workload/import/safetensors-writer.ts';
import type { Tensors } from '../../../src/workload/import/tensor.ts';
import { type ModelConfig, modelSchema } from '../../../src/workload/model.ts';

const stack = { encoders: 2, dim: 4, heads: 2, mlpRatio: 2, source: 'made for a test' };

/** 4 x 4 pixels of 3 channels in patches of 2, 5 classes. */
export const tinyVit = (more: object = {}): ModelConfig =>
  modelSchema.parse({
    ...stack,
    name: 'tiny-vit',
    family: 'vit',
    imageSize: 4,
    patchSize: 2,
    classes: 5,
    ...more,
  });

export const tinyLvVit = (more: object = {}): ModelConfig =>
  modelSchema.parse({
    ...stack,
    name: 'tiny-lv-vit',
    family: 'lv-vit',
    imageSize: 8,
    patchSize: 4,
    classes: 5,
    stem: [
      { kernel: 3, stride: 2, padding: 1, channels: 6 },
      { kernel: 3, stride: 1, padding: 1, channels: 6 },
    ],
    skipLam: 2,
    ...more,
  });

export const tinyBert = (more: object = {}): ModelConfig =>
  modelSchema.parse({
    ...stack,
    name: 'tiny-bert',
    family: 'bert',
    tokens: 3,
    maxTokens: 6,
    vocabulary: 11,
    ...more,
  });

/** Names with shapes; every tensor gets values that no other one has. */
export type Shapes = readonly (readonly [name: string, ...shape: number[]])[];

/** Value i of the tensor at `index` of its list: exact in float32, and positive as a variance must be. */
export const elementOf = (index: number, i: number): number => 1 + index / 4 + i / 1024;

export function written(shapes: Shapes): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const [index, [name, ...shape]] of shapes.entries()) {
    const size = shape.reduce((a, b) => a * b, 1);
    tensors.set(name, { shape, data: Float32Array.from({ length: size }, (_, i) => elementOf(index, i)) });
  }
  return tensors;
}

/** Through the file format and back. */
export const stored = (tensors: ReadonlyMap<string, TensorToWrite>): Tensors =>
  parseSafetensors(writeSafetensors(tensors)).tensors;

export const checkpoint = (shapes: Shapes): Tensors => stored(written(shapes));

const encoders = (one: (i: number) => Shapes): Shapes => [...one(0), ...one(1)];

const timmBlock =
  (bias: boolean) =>
  (i: number): Shapes => [
    [`blocks.${i}.norm1.weight`, 4],
    [`blocks.${i}.norm1.bias`, 4],
    [`blocks.${i}.attn.qkv.weight`, 12, 4],
    ...(bias ? ([[`blocks.${i}.attn.qkv.bias`, 12]] as const) : []),
    [`blocks.${i}.attn.proj.weight`, 4, 4],
    [`blocks.${i}.attn.proj.bias`, 4],
    [`blocks.${i}.norm2.weight`, 4],
    [`blocks.${i}.norm2.bias`, 4],
    [`blocks.${i}.mlp.fc1.weight`, 8, 4],
    [`blocks.${i}.mlp.fc1.bias`, 8],
    [`blocks.${i}.mlp.fc2.weight`, 4, 8],
    [`blocks.${i}.mlp.fc2.bias`, 4],
  ];

export const timmVit: Shapes = [
  ['cls_token', 1, 1, 4],
  ['pos_embed', 1, 5, 4],
  ['patch_embed.proj.weight', 4, 3, 2, 2],
  ['patch_embed.proj.bias', 4],
  ...encoders(timmBlock(true)),
  ['norm.weight', 4],
  ['norm.bias', 4],
  ['head.weight', 5, 4],
  ['head.bias', 5],
];

export const timmDeit: Shapes = [
  ['dist_token', 1, 1, 4],
  ['pos_embed', 1, 6, 4],
  ...timmVit.filter(([name]) => name !== 'pos_embed'),
  ['head_dist.weight', 5, 4],
  ['head_dist.bias', 5],
];

export const lvVit: Shapes = [
  ['cls_token', 1, 1, 4],
  ['pos_embed', 1, 5, 4],
  ['patch_embed.conv1.weight', 6, 3, 3, 3],
  ...bn('patch_embed.bn1'),
  ['patch_embed.conv2.weight', 6, 6, 3, 3],
  ...bn('patch_embed.bn2'),
  ['patch_embed.proj.weight', 4, 6, 2, 2],
  ['patch_embed.proj.bias', 4],
  ...encoders(timmBlock(false)),
  ['norm.weight', 4],
  ['norm.bias', 4],
  ['head.weight', 5, 4],
  ['head.bias', 5],
  ['aux_head.weight', 5, 4],
  ['aux_head.bias', 5],
];

function bn(name: string): Shapes {
  return ['weight', 'bias', 'running_mean', 'running_var'].map(role => [`${name}.${role}`, 6] as const);
}

/** With the [1, 1, d] tokens and the pooler of a hub file. */
export const hfVit: Shapes = [
  ['vit.embeddings.cls_token', 1, 1, 4],
  ['vit.embeddings.position_embeddings', 1, 5, 4],
  ['vit.embeddings.patch_embeddings.projection.weight', 4, 3, 2, 2],
  ['vit.embeddings.patch_embeddings.projection.bias', 4],
  ...encoders(i => [
    ...layer(`vit.encoder.layer.${i}.attention.attention.query`, 4, 4),
    ...layer(`vit.encoder.layer.${i}.attention.attention.key`, 4, 4),
    ...layer(`vit.encoder.layer.${i}.attention.attention.value`, 4, 4),
    ...layer(`vit.encoder.layer.${i}.attention.output.dense`, 4, 4),
    ...layer(`vit.encoder.layer.${i}.intermediate.dense`, 8, 4),
    ...layer(`vit.encoder.layer.${i}.output.dense`, 4, 8),
    ...layer(`vit.encoder.layer.${i}.layernorm_before`, 4),
    ...layer(`vit.encoder.layer.${i}.layernorm_after`, 4),
  ]),
  ...layer('vit.layernorm', 4),
  ...layer('vit.pooler.dense', 4, 4),
  ...layer('classifier', 5, 4),
];

export const hfVit5: Shapes = [
  ['vit.embeddings.cls_token', 1, 1, 4],
  ['vit.embeddings.position_embeddings', 1, 5, 4],
  ...layer('vit.embeddings.patch_embeddings.projection', 4, 3, 2, 2),
  ...encoders(i => [
    ...layer(`vit.layers.${i}.attention.q_proj`, 4, 4),
    ...layer(`vit.layers.${i}.attention.k_proj`, 4, 4),
    ...layer(`vit.layers.${i}.attention.v_proj`, 4, 4),
    ...layer(`vit.layers.${i}.attention.o_proj`, 4, 4),
    ...layer(`vit.layers.${i}.mlp.fc1`, 8, 4),
    ...layer(`vit.layers.${i}.mlp.fc2`, 4, 8),
    ...layer(`vit.layers.${i}.layernorm_before`, 4),
    ...layer(`vit.layers.${i}.layernorm_after`, 4),
  ]),
  ...layer('vit.layernorm', 4),
  ...layer('classifier', 5, 4),
];

/** DeiT with a teacher: two heads, two learned tokens. */
export const hfDeit: Shapes = [
  ...hfVit
    .filter(([name]) => !/classifier|pooler|position/.test(name))
    .map(([name, ...shape]) => [name.replace('vit.', 'deit.'), ...shape] as const),
  ['deit.embeddings.distillation_token', 1, 1, 4],
  ['deit.embeddings.position_embeddings', 1, 6, 4],
  ...layer('cls_classifier', 5, 4),
  ...layer('distillation_classifier', 5, 4),
];

export const hfBert: Shapes = [
  ['bert.embeddings.position_ids', 1, 6],
  ['bert.embeddings.word_embeddings.weight', 11, 4],
  ['bert.embeddings.position_embeddings.weight', 6, 4],
  ['bert.embeddings.token_type_embeddings.weight', 2, 4],
  ...layer('bert.embeddings.LayerNorm', 4),
  ...encoders(i => [
    ...layer(`bert.encoder.layer.${i}.attention.self.query`, 4, 4),
    ...layer(`bert.encoder.layer.${i}.attention.self.key`, 4, 4),
    ...layer(`bert.encoder.layer.${i}.attention.self.value`, 4, 4),
    ...layer(`bert.encoder.layer.${i}.attention.output.dense`, 4, 4),
    ...layer(`bert.encoder.layer.${i}.attention.output.LayerNorm`, 4),
    ...layer(`bert.encoder.layer.${i}.intermediate.dense`, 8, 4),
    ...layer(`bert.encoder.layer.${i}.output.dense`, 4, 8),
    ...layer(`bert.encoder.layer.${i}.output.LayerNorm`, 4),
  ]),
  ...layer('bert.pooler.dense', 4, 4),
  ...layer('classifier', 5, 4),
];

function layer(name: string, ...shape: number[]): Shapes {
  return [
    [`${name}.weight`, ...shape],
    [`${name}.bias`, shape[0]],
  ];
}
