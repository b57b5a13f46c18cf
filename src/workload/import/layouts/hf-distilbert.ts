/** Names of Hugging Face DistilBERT (huggingface/transformers models/distilbert). */
import type { Layout } from '../layout.ts';

export const layout: Layout = {
  name: 'hf-distilbert',
  title: 'Hugging Face DistilBERT',
  families: ['bert'],
  mark: /^((?:module\.)*)((?:distilbert\.)?)transformer\.layer\.0\.attention\.q_lin\.weight$/,
  encoder: {
    q: '{p}transformer.layer.{i}.attention.q_lin',
    k: '{p}transformer.layer.{i}.attention.k_lin',
    v: '{p}transformer.layer.{i}.attention.v_lin',
    projection: '{p}transformer.layer.{i}.attention.out_lin',
    norm1: '{p}transformer.layer.{i}.sa_layer_norm',
    fc1: '{p}transformer.layer.{i}.ffn.lin1',
    fc2: '{p}transformer.layer.{i}.ffn.lin2',
    norm2: '{p}transformer.layer.{i}.output_layer_norm',
  },
  outside: {
    'embedding.words': '{p}embeddings.word_embeddings.weight',
    'embedding.positions': '{p}embeddings.position_embeddings.weight',
    'embedding.norm': '{p}embeddings.LayerNorm',
    pooler: '{w}pre_classifier',
    classifier: ['{w}classifier', '{w}qa_outputs'],
    'words.transform': '{w}vocab_transform',
    'words.norm': '{w}vocab_layer_norm',
    words: {
      same: true,
      weight: ['{w}vocab_projector.weight', '{p}embeddings.word_embeddings.weight'],
      bias: ['{w}vocab_projector.bias'],
    },
  },
  heads: [
    { head: 'classifier', tensor: '{w}classifier.weight', with: '{w}pre_classifier.weight' },
    { head: 'tokens', tensor: '{w}classifier.weight' },
    { head: 'span', tensor: '{w}qa_outputs.weight' },
    { head: 'words', tensor: '{w}vocab_transform.weight' },
  ],
  positions: 'plain',
  fromShapes: 'refused',
  idle: [
    {
      pattern: /(^|\.)embeddings\.position_ids$/,
      why: 'the numbers 0, 1, 2 ..., which are counted anew',
    },
  ],
};
