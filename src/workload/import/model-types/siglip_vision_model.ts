/** config.json of SigLIP's image side (huggingface/transformers models/siglip/configuration_siglip.py, SiglipVisionConfig, defaults included). */
import { imageFieldsOf } from '../../model-fields.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, StackFields, TypeContext, TypeFields } from '../model-type.ts';

/** All tokens; what one learned query makes of them; or a classifier on their mean. */
export type SiglipHead = 'none' | 'attention' | 'one';

export const SIGLIP_STACK: StackFields = {
  activation: ['hidden_act', 'gelu_pytorch_tanh'],
  normEps: ['layer_norm_eps', 1e-6],
};

export function siglipFields(reader: ConfigReader, { head, classes }: TypeContext<SiglipHead>): TypeFields {
  // Its tensors show whether it is there.
  reader.boolean('vision_use_head', true);
  const outputs = {
    none: { pool: 'none' },
    attention: { pool: 'attention' },
    one: { pool: 'mean', classes },
  } as const;
  return {
    family: 'vit',
    ...imageFieldsOf(reader.size('image_size', 224), reader.size('patch_size', 16)),
    inChannels: reader.count('num_channels', 3),
    classToken: false,
    ...outputs[head],
  };
}

export const modelType: ModelType<SiglipHead> = {
  name: 'siglip_vision_model',
  architectures: { SiglipVisionModel: ['attention', 'none'] },
  bare: 'none',
  stack: SIGLIP_STACK,
  noEffect: {},
  fields: siglipFields,
};
