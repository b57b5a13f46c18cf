/** config.json of CamemBERT, which is a RoBERTa (huggingface/transformers models/camembert). */
import type { ModelType } from '../model-type.ts';
import { type TextHead, textArchitectures } from './bert.ts';
import { ROBERTA_STACK, robertaFields } from './roberta.ts';

export const modelType: ModelType<TextHead> = {
  name: 'camembert',
  architectures: textArchitectures('Camembert'),
  bare: 'none',
  stack: ROBERTA_STACK,
  noEffect: {},
  fields: robertaFields,
};
