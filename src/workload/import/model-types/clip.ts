/** config.json of CLIP: of both sides the one of images is run (huggingface/transformers models/clip/configuration_clip.py). */
import type { ModelType } from '../model-type.ts';
import { CLIP_NO_EFFECT, CLIP_STACK, type ClipHead, clipFields } from './clip_vision_model.ts';

export const modelType: ModelType<ClipHead> = {
  name: 'clip',
  inside: 'vision_config',
  architectures: { CLIPModel: 'projection', CLIPForImageClassification: 'one' },
  bare: 'none',
  stack: CLIP_STACK,
  noEffect: {
    ...CLIP_NO_EFFECT,
    projection_dim: 'that of the image side stands in vision_config, and its tensor shows it',
    vision_config_dict: 'an old copy of vision_config',
    text_config_dict: 'the text side is not run',
  },
  fields: clipFields,
};
