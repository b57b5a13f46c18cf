/** config.json of XLM-RoBERTa, which is a RoBERTa (huggingface/transformers models/xlm_roberta). */
import type { ModelType } from '../model-type.ts';
import { type TextHead, textArchitectures } from './bert.ts';
import { ROBERTA_STACK, robertaFields } from './roberta.ts';

export const modelType: ModelType<TextHead> = {
  name: 'xlm-roberta',
  architectures: textArchitectures('XLMRoberta'),
  bare: 'none',
  stack: ROBERTA_STACK,
  noEffect: {},
  fields: robertaFields,
};
