/** config.json of OPT (huggingface/transformers models/opt/configuration_opt.py, defaults included). */
import { type DecoderHead, decoderFields } from '../decoder-fields.ts';
import type { ModelType } from '../model-type.ts';

/** torch.nn.LayerNorm's epsilon, which no field changes. */
const NORM_EPS = 1e-5;
/** Rows of the position table before the first token's (OPTLearnedPositionalEmbedding). */
const OFFSET = 2;

export const modelType: ModelType<DecoderHead> = {
  name: 'opt',
  architectures: { OPTForCausalLM: 'words' },
  bare: 'words',
  stack: {
    activation: ['activation_function', 'relu'],
    normEps: NORM_EPS,
    hidden: reader => reader.count('ffn_dim', 3072),
  },
  noEffect: {
    activation_dropout: 'training only',
    init_std: 'training only',
    layerdrop: 'training only',
  },
  fields(reader, context) {
    const width = reader.count('hidden_size', 768);
    const embedded = reader.count('word_embed_proj_dim', width);
    if (embedded !== width)
      throw reader.error(
        'word_embed_proj_dim',
        `${embedded} beside hidden_size ${width}: an embedding of another width is not supported`,
      );
    if (!reader.boolean('layer_norm_elementwise_affine', true))
      throw reader.error(
        'layer_norm_elementwise_affine',
        'false is not supported: norms have a gain and a shift',
      );
    const before = reader.boolean('do_layer_norm_before', true);
    if (reader.boolean('_remove_final_layer_norm', false) && before)
      throw reader.error('_remove_final_layer_norm', 'true is not supported: the last norm is computed');
    const bias = reader.boolean('enable_bias', true);
    return {
      ...decoderFields(reader, context, {
        vocabulary: 50272,
        longest: reader.count('max_position_embeddings', 2048),
        tied: true,
      }),
      positions: 'learned',
      positionOffset: OFFSET,
      norm: before ? 'pre' : 'post',
      qkvBias: bias,
      projectionBias: bias,
      mlpBias: bias,
    };
  },
};
