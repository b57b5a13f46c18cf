/** Names of Hugging Face OPT (huggingface/transformers models/opt). */
import type { Layout } from '../layout.ts';

export const layout: Layout = {
  name: 'hf-opt',
  title: 'Hugging Face OPT',
  families: ['decoder'],
  mark: /^((?:module\.)*)((?:model\.)?decoder\.)layers\.0\.self_attn\.q_proj\.weight$/,
  encoder: {
    norm1: '{p}layers.{i}.self_attn_layer_norm',
    q: '{p}layers.{i}.self_attn.q_proj',
    k: '{p}layers.{i}.self_attn.k_proj',
    v: '{p}layers.{i}.self_attn.v_proj',
    projection: '{p}layers.{i}.self_attn.out_proj',
    norm2: '{p}layers.{i}.final_layer_norm',
    fc1: '{p}layers.{i}.fc1',
    fc2: '{p}layers.{i}.fc2',
  },
  outside: {
    'embedding.words': '{p}embed_tokens.weight',
    'embedding.positions': '{p}embed_positions.weight',
    norm: '{p}final_layer_norm',
    words: { same: true, weight: ['{w}lm_head.weight', '{p}embed_tokens.weight'] },
  },
  positions: 'plain',
  fromShapes: 'refused',
  foreign: [
    { pattern: /\.project_(in|out)\./, what: 'an embedding of another width (word_embed_proj_dim)' },
    { pattern: /\.encoder_attn\./, what: 'attention to a second sequence' },
  ],
};
