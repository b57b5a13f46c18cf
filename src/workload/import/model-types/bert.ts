/** config.json of BERT (huggingface/transformers models/bert/configuration_bert.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, TypeContext, TypeFields } from '../model-type.ts';

/** Sequence length of a text network's runs where nobody says more. */
const DEFAULT_TOKENS = 128;

/** Classes of the text, of each token, of its first and last token in a span, of a pair of texts; or words at each place. */
export type TextHead = 'none' | 'classifier' | 'tokens' | 'span' | 'pair' | 'words';

/** The classes of transformers that end in these heads, by the prefix of their names. */
export const textArchitectures = (prefix: string): Record<string, TextHead> => ({
  [`${prefix}ForSequenceClassification`]: 'classifier',
  [`${prefix}ForMultipleChoice`]: 'classifier',
  [`${prefix}ForTokenClassification`]: 'tokens',
  [`${prefix}ForQuestionAnswering`]: 'span',
  [`${prefix}ForMaskedLM`]: 'words',
  [`${prefix}Model`]: 'none',
});

/** Start and end of a span; the next sentence or not. */
const TWO = 2;

/** What all text networks of this family have. `longest`: tokens that have a position. */
export function textFields(
  reader: ConfigReader,
  { head, classes, tokens }: TypeContext<TextHead>,
  longest: number,
): TypeFields {
  const outputs: Record<TextHead, object> = {
    none: { pooler: 'stored' },
    classifier: { pooler: 'run', classes: reader.labels(classes) },
    tokens: { pooler: 'none', head: 'tokens', classes: reader.labels(classes) },
    span: { pooler: 'none', head: 'tokens', classes: classes ?? TWO },
    pair: { pooler: 'run', classes: TWO },
    words: { pooler: 'none', head: 'words', tiedWords: reader.boolean('tie_word_embeddings', true) },
  };
  return {
    family: 'bert',
    vocabulary: reader.count('vocab_size', 30522),
    maxTokens: longest,
    tokens: tokens ?? Math.min(DEFAULT_TOKENS, longest),
    ...outputs[head],
  };
}

export const modelType: ModelType<TextHead> = {
  name: 'bert',
  architectures: {
    ...textArchitectures('Bert'),
    BertForPreTraining: 'words',
    BertForNextSentencePrediction: 'pair',
  },
  bare: 'none',
  stack: {},
  noEffect: Object.fromEntries(
    [
      ...['directionality', 'pooler_fc_size', 'pooler_num_attention_heads'],
      ...['pooler_num_fc_layers', 'pooler_size_per_head', 'pooler_type'],
    ].map(field => [field, 'of the TensorFlow original; transformers reads it nowhere']),
  ),
  fields: (reader, context) => ({
    ...textFields(reader, context, reader.count('max_position_embeddings', 512)),
    types: reader.count('type_vocab_size', 2),
  }),
};
