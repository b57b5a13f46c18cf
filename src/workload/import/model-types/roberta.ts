/** config.json of RoBERTa: BERT whose positions begin behind the padding token's (huggingface/transformers models/roberta/configuration_roberta.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, StackFields, TypeContext, TypeFields } from '../model-type.ts';
import { type TextHead, textArchitectures, textFields } from './bert.ts';

/** transformers' default vocabulary. */
const VOCABULARY = 50265;

/** XLM-RoBERTa's and CamemBERT's too. */
export function robertaFields(reader: ConfigReader, context: TypeContext<TextHead>): TypeFields {
  const padding = reader.whole('pad_token_id', 1);
  const rows = reader.count('max_position_embeddings', 512);
  const longest = rows - padding - 1;
  if (longest < 1)
    throw reader.error('max_position_embeddings', `${rows} rows leave none behind padding token ${padding}`);
  const activation = reader.string('hidden_act', 'gelu');
  if (context.head === 'words' && activation !== 'gelu')
    throw reader.error('hidden_act', `'${activation}' beside a head for words, which always computes gelu`);
  return {
    ...textFields(reader, context, longest),
    vocabulary: reader.count('vocab_size', VOCABULARY),
    types: reader.count('type_vocab_size', 2),
    padding,
  };
}

export const ROBERTA_STACK: StackFields = { normEps: ['layer_norm_eps', 1e-12] };

export const modelType: ModelType<TextHead> = {
  name: 'roberta',
  architectures: textArchitectures('Roberta'),
  bare: 'none',
  stack: ROBERTA_STACK,
  noEffect: {},
  fields: robertaFields,
};
