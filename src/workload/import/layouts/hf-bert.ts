/** Names of Hugging Face BERT, with the gamma and beta of files converted from TensorFlow (huggingface/transformers models/bert). */
import type { Layout } from '../layout.ts';

/** What RoBERTa's names share. */
export const hfBertCommon = {
  families: ['bert'],
  encoder: {
    q: '{p}encoder.layer.{i}.attention.self.query',
    k: '{p}encoder.layer.{i}.attention.self.key',
    v: '{p}encoder.layer.{i}.attention.self.value',
    projection: '{p}encoder.layer.{i}.attention.output.dense',
    norm1: '{p}encoder.layer.{i}.attention.output.LayerNorm',
    fc1: '{p}encoder.layer.{i}.intermediate.dense',
    fc2: '{p}encoder.layer.{i}.output.dense',
    norm2: '{p}encoder.layer.{i}.output.LayerNorm',
  },
  gammaBeta: true,
  positions: 'plain',
  fromShapes: 'refused',
  idle: [
    {
      pattern: /(^|\.)pooler\.dense\.(weight|bias)$/,
      why: 'the pooler, another output of the network, which what is read out here does not need',
    },
    { pattern: /(^|\.)embeddings\.position_ids$/, why: 'the numbers 0, 1, 2 ..., which are counted anew' },
    { pattern: /(^|\.)embeddings\.token_type_ids$/, why: 'the segment types of a text that names none: 0' },
  ],
  foreign: [
    { pattern: /\.crossattention\./, what: 'attention to a second sequence (decoder)' },
    { pattern: /\.distance_embedding\./, what: 'relative positions' },
  ],
} as const satisfies Partial<Layout>;

/** Tables and their norm. */
export const hfBertEmbeddings = {
  'embedding.words': '{p}embeddings.word_embeddings.weight',
  'embedding.positions': '{p}embeddings.position_embeddings.weight',
  'embedding.types': '{p}embeddings.token_type_embeddings.weight',
  'embedding.norm': '{p}embeddings.LayerNorm',
} as const;

export const layout: Layout = {
  ...hfBertCommon,
  name: 'hf-bert',
  title: 'Hugging Face BERT',
  mark: /^((?:module\.)*)((?:bert\.)?)encoder\.layer\.0\.attention\.self\.query\.weight$/,
  outside: {
    ...hfBertEmbeddings,
    pooler: '{p}pooler.dense',
    classifier: ['{w}classifier', '{w}qa_outputs', '{w}cls.seq_relationship'],
    'words.transform': '{w}cls.predictions.transform.dense',
    'words.norm': '{w}cls.predictions.transform.LayerNorm',
    words: {
      same: true,
      weight: ['{w}cls.predictions.decoder.weight', '{p}embeddings.word_embeddings.weight'],
      bias: ['{w}cls.predictions.bias', '{w}cls.predictions.decoder.bias'],
    },
  },
  heads: [
    { head: 'classifier', tensor: '{w}classifier.weight', with: '{p}pooler.dense.weight' },
    { head: 'tokens', tensor: '{w}classifier.weight' },
    { head: 'span', tensor: '{w}qa_outputs.weight' },
    { head: 'words', tensor: '{w}cls.predictions.transform.dense.weight' },
    { head: 'pair', tensor: '{w}cls.seq_relationship.weight' },
  ],
};
