/** config.json of DINOv2 with register tokens, which have no position (huggingface/transformers models/dinov2_with_registers). */
import type { ModelType } from '../model-type.ts';
import { DINOV2_NO_EFFECT, DINOV2_STACK, dinov2Fields } from './dinov2.ts';
import type { ImageHead } from './vit.ts';

export const modelType: ModelType<ImageHead> = {
  name: 'dinov2_with_registers',
  architectures: { Dinov2WithRegistersForImageClassification: 'one', Dinov2WithRegistersModel: 'none' },
  bare: 'none',
  stack: DINOV2_STACK,
  noEffect: DINOV2_NO_EFFECT,
  fields: (reader, context) => ({
    ...dinov2Fields(reader, context),
    registers: reader.count('num_register_tokens', 4),
  }),
};
