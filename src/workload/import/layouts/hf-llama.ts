/** Names of Hugging Face Llama, which Mistral, Mixtral, Qwen2 and Qwen3 share (huggingface/transformers models/llama, mistral, mixtral, qwen2, qwen3). */
import type { Layout } from '../layout.ts';

/** Mixtral has 8. */
const MOST_EXPERTS = 64;

/** Mixtral's experts by number: gate, value and output of each. */
const experts = Object.fromEntries(
  Array.from({ length: MOST_EXPERTS }, (_, expert) =>
    [
      ['fc1', 'w1'],
      ['fc1Value', 'w3'],
      ['fc2', 'w2'],
    ].map(([own, theirs]) => [
      `expert${expert}.${own}`,
      `{p}layers.{i}.block_sparse_moe.experts.${expert}.${theirs}`,
    ]),
  ).flat(),
);

export const layout: Layout = {
  name: 'hf-llama',
  title: 'Hugging Face Llama, Mistral and Qwen',
  families: ['decoder'],
  mark: /^((?:module\.)*)((?:model\.)?)layers\.0\.input_layernorm\.weight$/,
  encoder: {
    norm1: '{p}layers.{i}.input_layernorm.weight',
    q: '{p}layers.{i}.self_attn.q_proj',
    k: '{p}layers.{i}.self_attn.k_proj',
    v: '{p}layers.{i}.self_attn.v_proj',
    qNorm: '{p}layers.{i}.self_attn.q_norm.weight',
    kNorm: '{p}layers.{i}.self_attn.k_norm.weight',
    projection: '{p}layers.{i}.self_attn.o_proj',
    norm2: '{p}layers.{i}.post_attention_layernorm.weight',
    fc1: '{p}layers.{i}.mlp.gate_proj',
    fc1Value: '{p}layers.{i}.mlp.up_proj',
    fc2: '{p}layers.{i}.mlp.down_proj',
    router: '{p}layers.{i}.block_sparse_moe.gate',
    ...experts,
  },
  outside: {
    'embedding.words': '{p}embed_tokens.weight',
    norm: '{p}norm.weight',
    words: { same: true, weight: ['{w}lm_head.weight', '{p}embed_tokens.weight'] },
  },
  positions: 'plain',
  fromShapes: 'refused',
  idle: [
    {
      pattern: /\.rotary_emb\.inv_freq$/,
      why: 'the frequencies of rotary positions, which the configuration tells',
    },
  ],
  foreign: [
    { pattern: /^(?:module\.)*score\.weight$/, what: 'a classifier of whole texts' },
    {
      pattern: /\.(pre|post)_feedforward_layernorm\./,
      what: 'norms behind attention and MLP as well (Gemma)',
    },
  ],
};
