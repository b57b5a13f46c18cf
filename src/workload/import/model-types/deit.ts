/** config.json of DeiT: a ViT with a distillation token (huggingface/transformers models/deit/configuration_deit.py). */
import type { ModelType } from '../model-type.ts';
import { type ImageHead, VIT_NO_EFFECT, vitFields } from './vit.ts';

export const modelType: ModelType<ImageHead> = {
  name: 'deit',
  architectures: {
    DeiTForImageClassification: 'one',
    DeiTForImageClassificationWithTeacher: 'two',
    DeiTModel: 'none',
  },
  bare: 'none',
  stack: {},
  noEffect: VIT_NO_EFFECT,
  fields: (reader, context) => ({
    ...vitFields(reader, context),
    distilled: true,
    distilledHead: context.head === 'two',
  }),
};
