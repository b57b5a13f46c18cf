/** Names of the image side of Hugging Face CLIP (huggingface/transformers models/clip). */
import type { Layout } from '../layout.ts';
import { hfSiglipCommon } from './hf-siglip.ts';

export const layout: Layout = {
  ...hfSiglipCommon,
  name: 'hf-clip',
  title: 'the image side of Hugging Face CLIP',
  mark: /^((?:module\.)*)(vision_model\.)pre_layrnorm\.weight$/,
  extends: 'hf-siglip',
  outside: {
    'stem.patch': '{p}embeddings.patch_embedding',
    'embedding.class.0': '{p}embeddings.class_embedding',
    'embedding.position': '{p}embeddings.position_embedding.weight',
    preNorm: '{p}pre_layrnorm',
    poolNorm: '{p}post_layernorm',
    head: ['{w}classifier', '{w}visual_projection'],
  },
  heads: [
    { head: 'one', tensor: '{w}classifier.weight' },
    { head: 'projection', tensor: '{w}visual_projection.weight' },
  ],
  idle: [
    { pattern: /(^|\.)embeddings\.position_ids$/, why: 'the numbers 0, 1, 2 ..., which are counted anew' },
  ],
};
