/** config.json of ViT (huggingface/transformers models/vit/configuration_vit.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, TypeFields } from '../model-type.ts';

/** A bare ViTModel has no classifier in its checkpoint; its model has one of the size that transformers would add. */
export const imageFields = (reader: ConfigReader): TypeFields => ({
  family: 'vit',
  imageSize: reader.square('image_size', 224),
  patchSize: reader.square('patch_size', 16),
  inChannels: reader.count('num_channels', 3),
  qkvBias: reader.boolean('qkv_bias', true),
  classes: reader.labels(),
});

export const modelType: ModelType = {
  name: 'vit',
  architectures: { ViTForImageClassification: 'one', ViTModel: 'none' },
  unnamed: 'one',
  fields: imageFields,
};
