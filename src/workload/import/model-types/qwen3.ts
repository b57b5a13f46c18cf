/** config.json of Qwen3 (huggingface/transformers models/qwen3/configuration_qwen3.py, defaults included). */
import type { ConfigReader } from '../config-reader.ts';
import type { DecoderHead, Window } from '../decoder-fields.ts';
import type { ModelType } from '../model-type.ts';
import { type LlamaDefaults, llamaFields, llamaStack } from './llama.ts';

const DEFAULTS: LlamaDefaults = {
  dim: 4096,
  hidden: 22016,
  layers: 32,
  heads: 32,
  kvHeads: 32,
  headDim: 128,
  vocabulary: 151_936,
  longest: 32_768,
  theta: 10_000,
};

/** Qwen's window: of the layers from `max_window_layers` on, where it is used at all; null: there is none. */
export function qwenWindow(reader: ConfigReader): Window {
  const first = reader.whole('max_window_layers', 28);
  const own = reader.countOrNull('sliding_window', 4096);
  const span = reader.boolean('use_sliding_window', false) ? own : undefined;
  return { span, windowed: layer => layer >= first, byLayer: true };
}

export const modelType: ModelType<DecoderHead> = {
  name: 'qwen3',
  architectures: { Qwen3ForCausalLM: 'words' },
  bare: 'words',
  stack: llamaStack(DEFAULTS),
  noEffect: {},
  fields(reader, context) {
    const bias = reader.boolean('attention_bias', false);
    const biases = { qkv: bias, projection: bias, mlp: false };
    return llamaFields(reader, context, DEFAULTS, { biases, window: qwenWindow(reader), headNorm: true });
  },
};
