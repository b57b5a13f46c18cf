/** Normal noise on weights, in shares of the largest weight of each output: drawn once for tests, and as cells that training draws anew in each step. */
import { largest } from '../../src/base/extremes.ts';
import { gaussianStream } from '../../src/base/random.ts';
import type { CrossbarDevice } from '../../src/numerics/execute/crossbar-device.ts';
import type { LinearWeights, ModelWeights } from '../../src/workload/import/model-weights.ts';

/** The same weights with noise on every matrix; biases, norms, tokens and positions keep their values. */
export function withWeightNoise(weights: ModelWeights, sigma: number, seed: string): ModelWeights {
  if (sigma === 0) return weights;
  return {
    linear: id => noisy(weights.linear(id), sigma, `${seed}/${id}`),
    norm: id => weights.norm(id),
    rows: id => weights.rows(id),
    embedding: id => weights.embedding(id),
  };
}

function noisy({ in: inputs, out, weight, bias }: LinearWeights, sigma: number, seed: string): LinearWeights {
  const next = gaussianStream(seed, 'noise-training/weights');
  const scales = Array.from(
    { length: out },
    (_, o) => sigma * largest(Array.from({ length: inputs }, (__, i) => Math.abs(weight[i * out + o]))),
  );
  return { in: inputs, out, bias, weight: weight.map((w, i) => w + scales[i % out] * next()) };
}

/** 7 bits and a sign. */
const CELL_BITS = 7;

/**
 * Crossbars whose reads lose nothing and whose weights are a pair of cells, each with its part of the noise: what training
 * takes for a noisy weight is then the weight and one normal number of so many shares of the largest.
 */
export const noisyCells = (sigma: number): CrossbarDevice => ({
  arrayRows: 64,
  cellBits: CELL_BITS,
  encoding: 'differential',
  adc: { bits: 16, levelsPerLsb: 'lossless' },
  noise: sigma === 0 ? {} : { read: { kind: 'additive', sigma: sigma / Math.SQRT2, when: 'device' } },
});
