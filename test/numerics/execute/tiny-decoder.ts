/** A decoder of a few numbers, for tests. */
import { type ModelConfig, modelSchema } from '../../../src/workload/model.ts';

/** Two blocks of four heads on two of keys, with rotary positions. */
export const tinyDecoder = (more: object = {}): ModelConfig =>
  modelSchema.parse({
    name: 'tiny-decoder',
    source: 'for tests',
    family: 'decoder',
    tokens: 6,
    maxTokens: 24,
    vocabulary: 19,
    positions: 'none',
    encoders: 2,
    dim: 16,
    heads: 4,
    mlpRatio: 2,
    activation: 'silu',
    gatedMlp: true,
    normBy: 'rmsnorm',
    attention: { kind: 'causal', kvHeads: 2, rotary: { theta: 100 } },
    ...more,
  });
