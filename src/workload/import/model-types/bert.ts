/** config.json of BERT (huggingface/transformers models/bert/configuration_bert.py, defaults included). */
import type { ModelType, OutputHead } from '../model-type.ts';

/** Sequence length of a text network's runs where nobody says more. */
const DEFAULT_TOKENS = 128;

/** The pooler of a model file, by what stands at the output. */
const POOLER = {
  none: 'none',
  pooler: 'stored',
  one: 'run',
  two: 'none',
} as const satisfies Record<OutputHead, 'none' | 'stored' | 'run'>;

export const modelType: ModelType = {
  name: 'bert',
  architectures: {
    BertForSequenceClassification: 'one',
    BertModel: 'pooler',
    BertForPreTraining: 'pooler',
    BertForMaskedLM: 'none',
  },
  unnamed: 'pooler',
  fields(reader, head, tokens) {
    const maxTokens = reader.count('max_position_embeddings', 512);
    return {
      family: 'bert',
      vocabulary: reader.count('vocab_size', 30522),
      maxTokens,
      tokens: tokens ?? Math.min(DEFAULT_TOKENS, maxTokens),
      types: reader.count('type_vocab_size', 2),
      pooler: POOLER[head],
      ...(head === 'one' && { classes: reader.labels() }),
    };
  },
};
