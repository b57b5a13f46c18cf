/** What is said to whoever asks a network that is no decoder to write a text. */
import type { ModelConfig } from './model.ts';

export function needsDecoder(model: ModelConfig): string {
  const why =
    model.family === 'onnx' && model.noDecoder !== undefined
      ? ` (its graph is none: ${model.noDecoder})`
      : '';
  return `${model.name} is of family ${model.family}: only a decoder writes a text token by token${why}`;
}
