/** Names of Hugging Face ViT and DeiT, the classic ones, which the hub's files keep (huggingface/transformers models/vit, models/deit). */
import type { Layout } from '../layout.ts';

const outside: Layout['outside'] = {
  'stem.patch': '{p}embeddings.patch_embeddings.projection',
  'embedding.class.0': '{p}embeddings.cls_token',
  'embedding.class.1': '{p}embeddings.distillation_token',
  'embedding.position': '{p}embeddings.position_embeddings',
  norm: '{p}layernorm',
  head: ['{w}classifier', '{w}cls_classifier'], // the second one with a distillation head beside it
  headDistilled: '{w}distillation_classifier',
};

/** What both naming schemes share. */
export const hfVitCommon = {
  families: ['vit'],
  outside,
  heads: [
    { head: 'two', tensor: '{w}cls_classifier.weight' },
    { head: 'one', tensor: '{w}classifier.weight' },
  ],
  positions: 'plain',
  fromShapes: 'refused',
  idle: [
    {
      pattern: /(^|\.)pooler\.dense\.(weight|bias)$/,
      why: 'the pooler, another output of the network beside its hidden states',
    },
    { pattern: /(^|\.)embeddings\.mask_token$/, why: 'it stands for masked patches in pre-training' },
  ],
  foreign: [{ pattern: /relative_position_bias/, what: 'relative positions (BEiT)' }],
} as const;

export const hfVitEncoder: Layout['encoder'] = {
  norm1: '{p}encoder.layer.{i}.layernorm_before',
  q: '{p}encoder.layer.{i}.attention.attention.query',
  k: '{p}encoder.layer.{i}.attention.attention.key',
  v: '{p}encoder.layer.{i}.attention.attention.value',
  projection: '{p}encoder.layer.{i}.attention.output.dense',
  norm2: '{p}encoder.layer.{i}.layernorm_after',
  fc1: '{p}encoder.layer.{i}.intermediate.dense',
  fc2: '{p}encoder.layer.{i}.output.dense',
};

export const layout: Layout = {
  ...hfVitCommon,
  name: 'hf-vit',
  title: 'Hugging Face ViT and DeiT, classic names',
  mark: /^((?:module\.)*)((?:vit\.|deit\.)?)encoder\.layer\.0\.attention\.attention\.query\.weight$/,
  encoder: hfVitEncoder,
};
