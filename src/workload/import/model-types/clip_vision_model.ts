/** config.json of CLIP's image side (huggingface/transformers models/clip/configuration_clip.py, CLIPVisionConfig, defaults included). */
import { imageFieldsOf } from '../../model-fields.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, StackFields, TypeContext, TypeFields } from '../model-type.ts';

/** The class token behind its LayerNorm; that projected to the space of texts; or a classifier on the mean of the patches. */
export type ClipHead = 'none' | 'projection' | 'one';

export const CLIP_STACK: StackFields = {
  activation: ['hidden_act', 'quick_gelu'],
  normEps: ['layer_norm_eps', 1e-5],
};

export const CLIP_NO_EFFECT = {
  text_config: 'the text side is not run',
  logit_scale_init_value: 'what the scale between images and texts starts training from',
} as const;

export function clipFields(reader: ConfigReader, { head, classes }: TypeContext<ClipHead>): TypeFields {
  const projected = reader.count('projection_dim', 512);
  const outputs = {
    none: { pool: 'class', finalNorm: 'pooled' },
    projection: { pool: 'class', finalNorm: 'pooled', classes: projected, headBias: false },
    one: { pool: 'mean', finalNorm: 'none', classes },
  } as const;
  return {
    family: 'vit',
    ...imageFieldsOf(reader.size('image_size', 224), reader.size('patch_size', 32)),
    inChannels: reader.count('num_channels', 3),
    patchBias: false,
    preNorm: true,
    ...outputs[head],
  };
}

export const modelType: ModelType<ClipHead> = {
  name: 'clip_vision_model',
  architectures: { CLIPVisionModel: 'none', CLIPVisionModelWithProjection: 'projection' },
  bare: 'none',
  stack: CLIP_STACK,
  noEffect: CLIP_NO_EFFECT,
  fields: clipFields,
};
