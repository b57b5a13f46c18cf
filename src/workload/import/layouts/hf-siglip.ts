/** Names of the image side of Hugging Face SigLIP (huggingface/transformers models/siglip); CLIP's are the same where it has the part. */
import type { Layout } from '../layout.ts';

/** What CLIP's image side shares. */
export const hfSiglipCommon = {
  families: ['vit'],
  encoder: {
    norm1: '{p}encoder.layers.{i}.layer_norm1',
    q: '{p}encoder.layers.{i}.self_attn.q_proj',
    k: '{p}encoder.layers.{i}.self_attn.k_proj',
    v: '{p}encoder.layers.{i}.self_attn.v_proj',
    projection: '{p}encoder.layers.{i}.self_attn.out_proj',
    norm2: '{p}encoder.layers.{i}.layer_norm2',
    fc1: '{p}encoder.layers.{i}.mlp.fc1',
    fc2: '{p}encoder.layers.{i}.mlp.fc2',
  },
  positions: 'plain',
  fromShapes: 'refused',
} as const satisfies Partial<Layout>;

const inProjection = (part: number) =>
  ({
    weight: ['{p}head.attention.in_proj_weight'],
    bias: ['{p}head.attention.in_proj_bias'],
    part,
    of: 3,
  }) as const;

export const layout: Layout = {
  ...hfSiglipCommon,
  name: 'hf-siglip',
  title: 'the image side of Hugging Face SigLIP',
  mark: /^((?:module\.)*)(vision_model\.)encoder\.layers\.0\.self_attn\.q_proj\.weight$/,
  outside: {
    'stem.patch': '{p}embeddings.patch_embedding',
    'embedding.position': '{p}embeddings.position_embedding.weight',
    norm: '{p}post_layernorm',
    'pool.probe.0': '{p}head.probe',
    'pool.q': inProjection(0),
    'pool.k': inProjection(1),
    'pool.v': inProjection(2),
    'pool.projection': '{p}head.attention.out_proj',
    'pool.norm': '{p}head.layernorm',
    'pool.fc1': '{p}head.mlp.fc1',
    'pool.fc2': '{p}head.mlp.fc2',
    head: '{w}classifier',
  },
  heads: [
    { head: 'one', tensor: '{w}classifier.weight' },
    { head: 'attention', tensor: '{p}head.probe' },
  ],
  idle: [
    { pattern: /(^|\.)embeddings\.position_ids$/, why: 'the numbers 0, 1, 2 ..., which are counted anew' },
  ],
};
