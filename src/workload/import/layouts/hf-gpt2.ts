/** Names of Hugging Face GPT-2, whose layers keep their weights as inputs x outputs (huggingface/transformers models/gpt2, pytorch_utils.py: Conv1D). */
import type { Detailed, Layout } from '../layout.ts';

const conv1d = (name: string, part = 0, of = 1): Detailed => ({
  name: `{p}h.{i}.${name}`,
  part,
  of,
  transposed: true,
});

export const layout: Layout = {
  name: 'hf-gpt2',
  title: 'Hugging Face GPT-2',
  families: ['decoder'],
  mark: /^((?:module\.)*)((?:transformer\.)?)h\.0\.attn\.c_attn\.weight$/,
  encoder: {
    norm1: '{p}h.{i}.ln_1',
    q: conv1d('attn.c_attn', 0, 3),
    k: conv1d('attn.c_attn', 1, 3),
    v: conv1d('attn.c_attn', 2, 3),
    projection: conv1d('attn.c_proj'),
    norm2: '{p}h.{i}.ln_2',
    fc1: conv1d('mlp.c_fc'),
    fc2: conv1d('mlp.c_proj'),
  },
  outside: {
    'embedding.words': '{p}wte.weight',
    'embedding.positions': '{p}wpe.weight',
    norm: '{p}ln_f',
    words: { same: true, weight: ['{w}lm_head.weight', '{p}wte.weight'] },
  },
  positions: 'plain',
  fromShapes: 'refused',
  idle: [
    {
      pattern: /\.attn\.(bias|masked_bias)$/,
      why: 'the mask that hides later tokens, and what it puts there',
    },
  ],
  foreign: [
    { pattern: /\.(crossattention|ln_cross_attn)\./, what: 'attention to a second sequence' },
    { pattern: /^(?:module\.)*score\.weight$/, what: 'a classifier of whole texts' },
  ],
};
