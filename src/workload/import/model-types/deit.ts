/** config.json of DeiT: a ViT with a distillation token (huggingface/transformers models/deit/configuration_deit.py). */
import type { ModelType } from '../model-type.ts';
import { imageFields } from './vit.ts';

export const modelType: ModelType = {
  name: 'deit',
  architectures: {
    DeiTForImageClassification: 'one',
    DeiTForImageClassificationWithTeacher: 'two',
    DeiTModel: 'none',
  },
  unnamed: 'one',
  fields: (reader, head) => ({ ...imageFields(reader), distilled: true, distilledHead: head === 'two' }),
};
