/** config.json of Qwen2 and Qwen2.5 (huggingface/transformers models/qwen2/configuration_qwen2.py, defaults included). */
import type { DecoderHead } from '../decoder-fields.ts';
import type { ModelType } from '../model-type.ts';
import { type LlamaDefaults, llamaFields, llamaStack } from './llama.ts';
import { qwenWindow } from './qwen3.ts';

const DEFAULTS: LlamaDefaults = {
  dim: 4096,
  hidden: 22016,
  layers: 32,
  heads: 32,
  kvHeads: 32,
  vocabulary: 151_936,
  longest: 32_768,
  theta: 10_000,
};

export const modelType: ModelType<DecoderHead> = {
  name: 'qwen2',
  architectures: { Qwen2ForCausalLM: 'words' },
  bare: 'words',
  stack: llamaStack(DEFAULTS),
  noEffect: { use_mrope: 'of images beside the text; transformers reads it nowhere here' },
  fields: (reader, context) =>
    llamaFields(reader, context, DEFAULTS, {
      biases: { qkv: true, projection: false, mlp: false },
      window: qwenWindow(reader),
    }),
};
