/** Names of Hugging Face DINOv2, with and without registers (huggingface/transformers models/dinov2, models/dinov2_with_registers). */
import type { Layout } from '../layout.ts';
import { hfVitCommon, hfVitEncoder } from './hf-vit.ts';

const PACKED = '{p}encoder.layer.{i}.mlp.weights_in';

export const layout: Layout = {
  ...hfVitCommon,
  name: 'hf-dinov2',
  title: 'Hugging Face DINOv2',
  mark: /^((?:module\.)*)((?:dinov2\.|dinov2_with_registers\.)?)encoder\.layer\.0\.layer_scale1\.lambda1$/,
  extends: 'hf-vit',
  encoder: {
    ...hfVitEncoder,
    norm1: '{p}encoder.layer.{i}.norm1',
    projection: {
      name: '{p}encoder.layer.{i}.attention.output.dense',
      gain: ['{p}encoder.layer.{i}.layer_scale1.lambda1'],
      gained: true,
    },
    norm2: '{p}encoder.layer.{i}.norm2',
    fc1: '{p}encoder.layer.{i}.mlp.fc1',
    fc2: {
      name: ['{p}encoder.layer.{i}.mlp.fc2', '{p}encoder.layer.{i}.mlp.weights_out'],
      gain: ['{p}encoder.layer.{i}.layer_scale2.lambda1'],
      gained: true,
    },
  },
  gated: { fc1: { name: PACKED, part: 0, of: 2 }, fc1Value: { name: PACKED, part: 1, of: 2 } },
  outside: {
    'stem.patch': '{p}embeddings.patch_embeddings.projection',
    'embedding.class.0': '{p}embeddings.cls_token',
    'embedding.registers': '{p}embeddings.register_tokens',
    'embedding.position': '{p}embeddings.position_embeddings',
    norm: '{p}layernorm',
    head: { name: '{w}classifier', part: 0, of: 2, columns: true },
    headMean: { name: '{w}classifier', part: 1, of: 2, columns: true },
  },
  heads: [{ head: 'one', tensor: '{w}classifier.weight' }],
};
