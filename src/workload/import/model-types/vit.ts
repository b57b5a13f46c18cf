/** config.json of ViT (huggingface/transformers models/vit/configuration_vit.py, defaults included). */
import { imageFieldsOf } from '../../model-fields.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, TypeContext, TypeFields } from '../model-type.ts';

/** Heads of image networks: none, a classifier, or two (distillation). */
export type ImageHead = 'none' | 'one' | 'two';

/** Image and patches, and a classifier where there is one: without, the output is the hidden states. */
export function vitFields(reader: ConfigReader, { head, classes }: TypeContext<ImageHead>): TypeFields {
  const image = reader.size('image_size', 224);
  return {
    family: 'vit',
    ...imageFieldsOf(image, reader.size('patch_size', 16)),
    inChannels: reader.count('num_channels', 3),
    qkvBias: reader.boolean('qkv_bias', true),
    ...(head === 'none' ? { pool: 'none' } : { classes: reader.labels(classes) }),
  };
}

/** Of ViT and its descendants. */
export const VIT_NO_EFFECT = {
  encoder_stride: 'of the decoder that restores masked patches in pre-training',
  pooler_output_size: 'of the pooler, another output of the network',
  pooler_act: 'of the pooler, another output of the network',
} as const;

export const modelType: ModelType<ImageHead> = {
  name: 'vit',
  architectures: { ViTForImageClassification: 'one', ViTModel: 'none' },
  bare: 'none',
  stack: {},
  noEffect: VIT_NO_EFFECT,
  fields: vitFields,
};
