/** config.json of DistilBERT: no segment types, no pooler but that of its classifier (huggingface/transformers models/distilbert/configuration_distilbert.py, defaults included). */
import type { ModelType } from '../model-type.ts';
import { type TextHead, textArchitectures, textFields } from './bert.ts';

export const modelType: ModelType<TextHead> = {
  name: 'distilbert',
  architectures: textArchitectures('DistilBert'),
  bare: 'none',
  stack: {
    dim: ['dim', 768],
    encoders: ['n_layers', 6],
    heads: ['n_heads', 12],
    activation: ['activation', 'gelu'],
    normEps: 1e-12,
    hidden: reader => reader.count('hidden_dim', 3072),
  },
  noEffect: {
    sinusoidal_pos_embds: 'how the table of positions was made, which is a tensor',
    qa_dropout: 'training only',
    seq_classif_dropout: 'training only',
    tie_weights_: 'an old name without use',
  },
  fields: (reader, context) => ({
    ...textFields(reader, context, reader.count('max_position_embeddings', 512)),
    types: 0,
    poolerActivation: 'relu',
    ...(context.head === 'none' && { pooler: 'none' }),
  }),
};
