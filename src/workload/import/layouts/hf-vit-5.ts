/** Names of Hugging Face ViT and DeiT in transformers 5 (huggingface/transformers models/vit, models/deit). */
import type { Layout } from '../layout.ts';
import { hfVitCommon } from './hf-vit.ts';

const encoder: Layout['encoder'] = {
  norm1: '{p}layers.{i}.layernorm_before',
  q: '{p}layers.{i}.attention.q_proj',
  k: '{p}layers.{i}.attention.k_proj',
  v: '{p}layers.{i}.attention.v_proj',
  projection: '{p}layers.{i}.attention.o_proj',
  norm2: '{p}layers.{i}.layernorm_after',
  fc1: '{p}layers.{i}.mlp.fc1',
  fc2: '{p}layers.{i}.mlp.fc2',
};

export const layout: Layout = {
  ...hfVitCommon,
  name: 'hf-vit-5',
  title: 'Hugging Face ViT and DeiT, names of transformers 5',
  mark: /^((?:module\.)*)((?:vit\.|deit\.)?)layers\.0\.attention\.q_proj\.weight$/,
  encoder,
};
