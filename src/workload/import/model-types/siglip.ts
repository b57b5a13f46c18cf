/** config.json of SigLIP: of both sides the one of images is run (huggingface/transformers models/siglip/configuration_siglip.py). */
import type { ModelType } from '../model-type.ts';
import { SIGLIP_STACK, type SiglipHead, siglipFields } from './siglip_vision_model.ts';

export const modelType: ModelType<SiglipHead> = {
  name: 'siglip',
  inside: 'vision_config',
  architectures: { SiglipModel: ['attention', 'none'], SiglipForImageClassification: 'one' },
  bare: 'none',
  stack: SIGLIP_STACK,
  noEffect: { text_config: 'the text side is not run' },
  fields: siglipFields,
};
