/** config.json of Llama (huggingface/transformers models/llama/configuration_llama.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import {
  attentionFields,
  type DecoderHead,
  decoderFields,
  rotaryFields,
  type Window,
} from '../decoder-fields.ts';
import type { ModelType, StackFields, TypeContext, TypeFields } from '../model-type.ts';

/** What differs between the types of this structure. */
export interface LlamaDefaults {
  readonly dim: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  /** Absent in the file: as many as heads, if that is undefined. */
  readonly kvHeads?: number;
  /** Absent in the file: dim / heads, if that is undefined. */
  readonly headDim?: number;
  readonly vocabulary: number;
  readonly longest: number;
  readonly theta: number;
}

export const llamaStack = ({ dim, hidden, layers, heads }: LlamaDefaults): StackFields => ({
  dim: ['hidden_size', dim],
  encoders: ['num_hidden_layers', layers],
  heads: ['num_attention_heads', heads],
  activation: ['hidden_act', 'silu'],
  normEps: ['rms_norm_eps', 1e-6],
  hidden: reader => reader.count('intermediate_size', hidden),
});

/** Biases of the four layers of attention and of the MLP. */
interface Biases {
  readonly qkv: boolean;
  readonly projection: boolean;
  readonly mlp: boolean;
}

const NO_WINDOW: Window = { span: undefined, windowed: () => false, byLayer: false };

/** Fields of a network with RMSNorm, rotary positions and a gated MLP. */
export function llamaFields(
  reader: ConfigReader,
  context: TypeContext<DecoderHead>,
  of: LlamaDefaults,
  { biases, window, headNorm = false }: { biases: Biases; window: Window; headNorm?: boolean },
): TypeFields {
  const layers = reader.count('num_hidden_layers', of.layers);
  const heads = reader.count('num_attention_heads', of.heads);
  const headDim = reader.optionalCount('head_dim') ?? of.headDim;
  const attention = {
    kind: 'causal',
    kvHeads: reader.count('num_key_value_heads', of.kvHeads ?? heads),
    ...(headDim !== undefined && { headDim }),
    headNorm,
    rotary: rotaryFields(reader, of.theta),
  };
  return {
    ...decoderFields(reader, context, {
      vocabulary: of.vocabulary,
      longest: reader.count('max_position_embeddings', of.longest),
      tied: false,
    }),
    ...attentionFields(reader, attention, window, layers),
    positions: 'none',
    normBy: 'rmsnorm',
    gatedMlp: true,
    qkvBias: biases.qkv,
    projectionBias: biases.projection,
    mlpBias: biases.mlp,
  };
}

const DEFAULTS: LlamaDefaults = {
  dim: 4096,
  hidden: 11008,
  layers: 32,
  heads: 32,
  vocabulary: 32000,
  longest: 2048,
  theta: 10_000,
};

export const modelType: ModelType<DecoderHead> = {
  name: 'llama',
  architectures: { LlamaForCausalLM: 'words' },
  bare: 'words',
  stack: llamaStack(DEFAULTS),
  noEffect: {
    pretraining_tp: 'the same products in parts',
    is_llama_config: 'of the training code; transformers reads it nowhere',
    rope_interleaved: 'of the training code; transformers reads it nowhere',
  },
  fields(reader, context) {
    const bias = reader.boolean('attention_bias', false);
    const biases = { qkv: bias, projection: bias, mlp: reader.boolean('mlp_bias', false) };
    return llamaFields(reader, context, DEFAULTS, { biases, window: NO_WINDOW });
  },
};
