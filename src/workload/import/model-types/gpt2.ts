/** config.json of GPT-2 (huggingface/transformers models/gpt2/configuration_gpt2.py, defaults included). */
import { type DecoderHead, decoderFields } from '../decoder-fields.ts';
import type { ModelType } from '../model-type.ts';

/** Four times the width, unless it is said. */
const RATIO = 4;

export const modelType: ModelType<DecoderHead> = {
  name: 'gpt2',
  architectures: { GPT2LMHeadModel: 'words' },
  bare: 'words',
  stack: {
    dim: ['n_embd', 768],
    encoders: ['n_layer', 12],
    heads: ['n_head', 12],
    activation: ['activation_function', 'gelu_new'],
    normEps: ['layer_norm_epsilon', 1e-5],
    hidden: (reader, dim) => reader.count('n_inner', RATIO * dim),
  },
  noEffect: {
    n_ctx: 'the same as n_positions; transformers reads it nowhere',
    attn_pdrop: 'training only',
    embd_pdrop: 'training only',
    resid_pdrop: 'training only',
    reorder_and_upcast_attn: 'the same products in another order',
    ...Object.fromEntries(
      [
        ...['summary_activation', 'summary_first_dropout', 'summary_proj_to_labels'],
        ...['summary_type', 'summary_use_proj'],
      ].map(field => [field, 'of another head (GPT2DoubleHeadsModel)']),
    ),
  },
  fields: (reader, context) => ({
    ...decoderFields(reader, context, {
      vocabulary: 50257,
      longest: reader.count('n_positions', 1024),
      tied: true,
    }),
    positions: 'learned',
    attention: {
      kind: 'causal',
      scale: reader.boolean('scale_attn_weights', true) ? 'head' : 'none',
      scaleByLayer: reader.boolean('scale_attn_by_inverse_layer_idx', false),
    },
  }),
};
