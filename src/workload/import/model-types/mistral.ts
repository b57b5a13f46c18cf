/** config.json of Mistral (huggingface/transformers models/mistral/configuration_mistral.py, defaults included). */
import type { DecoderHead } from '../decoder-fields.ts';
import type { ModelType } from '../model-type.ts';
import { type LlamaDefaults, llamaFields, llamaStack } from './llama.ts';

const MISTRAL_DEFAULTS: LlamaDefaults = {
  dim: 4096,
  hidden: 14336,
  layers: 32,
  heads: 32,
  kvHeads: 8,
  vocabulary: 32_000,
  longest: 131_072,
  theta: 10_000,
};

export const modelType: ModelType<DecoderHead> = {
  name: 'mistral',
  architectures: { MistralForCausalLM: 'words' },
  bare: 'words',
  stack: llamaStack(MISTRAL_DEFAULTS),
  noEffect: {},
  fields: (reader, context) =>
    llamaFields(reader, context, MISTRAL_DEFAULTS, {
      biases: { qkv: false, projection: false, mlp: false },
      window: {
        // null in the file: no window; absent: transformers' default.
        span: reader.countOrNull('sliding_window', 4096),
        windowed: () => true,
        byLayer: false,
      },
    }),
};
