/** Names of timm's ViT and DeiT (huggingface/pytorch-image-models timm/models/vision_transformer.py, deit.py; facebookresearch/deit). */
import type { Foreign, Layout, ShapeFields, ShapeReader } from '../layout.ts';

/** Of timm's LayerNorms. */
const NORM_EPS = 1e-6;

/** Encoder parts that timm and its descendants share. */
export const timmEncoder: Layout['encoder'] = {
  norm1: '{p}blocks.{i}.norm1',
  q: { name: '{p}blocks.{i}.attn.qkv', part: 0, of: 3 },
  k: { name: '{p}blocks.{i}.attn.qkv', part: 1, of: 3 },
  v: { name: '{p}blocks.{i}.attn.qkv', part: 2, of: 3 },
  projection: '{p}blocks.{i}.attn.proj',
  norm2: '{p}blocks.{i}.norm2',
  fc1: '{p}blocks.{i}.mlp.fc1',
  fc2: '{p}blocks.{i}.mlp.fc2',
};

/** Variants of timm's ViT that this network is not. */
export const timmForeign: readonly Foreign[] = [
  { pattern: /(^|\.)fc_norm\./, what: 'a classifier on the mean of all tokens' },
  { pattern: /(^|\.)norm_pre\./, what: 'a LayerNorm before the first encoder' },
  { pattern: /(^|\.)reg_token$/, what: 'register tokens' },
  { pattern: /(^|\.)attn_pool\./, what: 'attention pooling' },
  { pattern: /\.(ls[12]\.gamma|gamma_[12])$/, what: 'layer scale' },
  { pattern: /\.attn\.(q_norm|k_norm|norm)\./, what: 'a norm inside the attention' },
  { pattern: /\.attn\.(q_bias|v_bias|relative_position_bias_table)$/, what: 'relative positions (BEiT)' },
  { pattern: /(^|\.)patch_embed\.backbone\./, what: 'a convolutional backbone (hybrid ViT)' },
  { pattern: /(^|\.)(score_predictor|predictor)\./, what: 'a predictor that prunes tokens' },
];

export const layout: Layout = {
  name: 'timm',
  title: 'timm ViT and DeiT',
  families: ['vit'],
  mark: /^((?:module\.|model\.)*)()blocks\.0\.attn\.qkv\.weight$/,
  encoder: timmEncoder,
  outside: {
    'stem.patch': '{p}patch_embed.proj',
    'embedding.class.0': '{p}cls_token',
    'embedding.class.1': '{p}dist_token',
    'embedding.position': '{p}pos_embed',
    norm: '{p}norm',
    head: '{p}head',
    headDistilled: '{p}head_dist',
  },
  foreign: timmForeign,
  fromShapes,
};

/** A ViT or DeiT by the shapes of its tensors. */
function fromShapes({ prefix, shapeOf, has, refusal }: ShapeReader): ShapeFields {
  if (!has('cls_token')) throw refusal('no cls_token: networks without class token are not supported');
  const [dim, inChannels, patchSize] = shapeOf('patch_embed.proj.weight', 4);
  const distilled = has('dist_token');
  const positions = shapeOf('pos_embed', 3)[1];
  const patches = positions - (distilled ? 2 : 1);
  const side = Math.sqrt(patches);
  if (Number.isInteger(Math.sqrt(positions)))
    throw refusal(
      `${prefix}pos_embed: ${positions} rows are those of the patches alone; a class token without position (no_embed_class) is not supported`,
    );
  if (patches < 1 || !Number.isInteger(side))
    throw refusal(`${prefix}pos_embed: ${patches} patches are not those of a square image`);
  if (!has('head.weight')) throw refusal('missing: head.weight: the checkpoint has no classifier');
  let encoders = 0;
  while (has(`blocks.${encoders}.attn.qkv.weight`)) encoders++;
  return {
    family: 'vit',
    imageSize: side * patchSize,
    patchSize,
    inChannels,
    classes: shapeOf('head.weight', 2)[0],
    encoders,
    dim,
    mlpRatio: shapeOf('blocks.0.mlp.fc1.weight', 2)[0] / dim,
    qkvBias: has('blocks.0.attn.qkv.bias'),
    normEps: NORM_EPS,
    distilled,
    distilledHead: !distilled || has('head_dist.weight'),
  };
}
