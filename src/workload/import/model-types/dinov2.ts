/** config.json of DINOv2 (huggingface/transformers models/dinov2/configuration_dinov2.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import type { ModelType, StackFields, TypeContext, TypeFields } from '../model-type.ts';
import { type ImageHead, vitFields } from './vit.ts';

/** A classifier reads the class token beside the mean of the patches. */
export function dinov2Fields(reader: ConfigReader, context: TypeContext<ImageHead>): TypeFields {
  const gated = reader.boolean('use_swiglu_ffn', false);
  return {
    ...vitFields(reader, context),
    ...(gated && { gatedMlp: true, activation: 'silu' }),
    ...(context.head !== 'none' && { pool: 'class-mean' }),
  };
}

/** Two thirds of the usual width, to a multiple of 8, where the MLP is gated. */
export const DINOV2_STACK: StackFields = {
  normEps: ['layer_norm_eps', 1e-6],
  hidden(reader, dim) {
    const width = Math.trunc(dim * reader.positive('mlp_ratio', 4));
    return reader.boolean('use_swiglu_ffn', false) ? Math.ceil(Math.trunc((width * 2) / 3) / 8) * 8 : width;
  },
};

/** Of DINOv2, with and without registers. */
export const DINOV2_NO_EFFECT = {
  layerscale_value: 'what layer scale starts training from; its values are tensors',
  use_mask_token: 'masked patches of pre-training',
  apply_layernorm: 'of feature maps of several encoders',
  reshape_hidden_states: 'of feature maps of several encoders',
  stage_names: 'of feature maps of several encoders',
  out_features: 'of feature maps of several encoders',
  out_indices: 'of feature maps of several encoders',
} as const;

export const modelType: ModelType<ImageHead> = {
  name: 'dinov2',
  architectures: { Dinov2ForImageClassification: 'one', Dinov2Model: 'none' },
  bare: 'none',
  stack: DINOV2_STACK,
  noEffect: DINOV2_NO_EFFECT,
  fields: dinov2Fields,
};
