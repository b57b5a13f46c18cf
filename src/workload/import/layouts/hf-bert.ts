/** Names of Hugging Face BERT, with the gamma and beta of files converted from TensorFlow (huggingface/transformers models/bert). */
import type { Layout } from '../layout.ts';

export const layout: Layout = {
  name: 'hf-bert',
  title: 'Hugging Face BERT',
  families: ['bert'],
  mark: /^((?:module\.)*)((?:bert\.)?)encoder\.layer\.0\.attention\.self\.query\.weight$/,
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
  outside: {
    'embedding.words': '{p}embeddings.word_embeddings.weight',
    'embedding.positions': '{p}embeddings.position_embeddings.weight',
    'embedding.types': '{p}embeddings.token_type_embeddings.weight',
    'embedding.norm': '{p}embeddings.LayerNorm',
    pooler: '{p}pooler.dense',
    classifier: '{w}classifier',
  },
  gammaBeta: true,
  fromShapes: 'refused',
  idle: /(^|\.)(pooler\.dense\.(weight|bias)|embeddings\.(position_ids|token_type_ids))$/,
  foreign: [
    { pattern: /\.crossattention\./, what: 'attention to a second sequence (decoder)' },
    { pattern: /\.distance_embedding\./, what: 'relative positions' },
  ],
};
