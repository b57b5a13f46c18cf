/** A network that classifies without training: random features of a tiny transformer, and a head fitted by ridge regression. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gaussianStream, uniformStream } from '../../src/base/random.ts';
import type { ModelInput } from '../../src/numerics/execute/input.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { type ModelConfig, modelSchema } from '../../src/workload/model.ts';

export const MODEL_YAML = `name: tiny-vit
family: vit
source: a test
imageSize: 16
patchSize: 4
classes: 10
encoders: 2
dim: 32
heads: 2
mlpRatio: 2
`;

const RIDGE = 0.1;
/** Logits of a one-hot regression lie between 0 and 1: spread them, so that the softmax is sure of itself. */
const SPREAD = 8;

export const tinyModel = (): ModelConfig =>
  modelSchema.parse({
    family: 'vit',
    name: 'tiny-vit',
    source: 'a test',
    imageSize: 16,
    patchSize: 4,
    classes: 10,
    encoders: 2,
    dim: 32,
    heads: 2,
    mlpRatio: 2,
  });

export interface Labelled {
  readonly images: Float32Array[];
  readonly labels: Int32Array;
}

/** Images of `classes` prototypes, each with noise of its own. */
export function prototypeImages(
  values: number,
  classes: number,
  count: number,
  noise: number,
  seed: string,
): Labelled {
  const prototypes = Array.from({ length: classes }, (_, c) => {
    const next = gaussianStream('prototype', 'pixels', c);
    return Float32Array.from({ length: values }, next);
  });
  const label = uniformStream(seed, 'labels');
  const labels = Int32Array.from({ length: count }, () => Math.floor(label() * classes));
  const next = gaussianStream(seed, 'noise');
  return { labels, images: Array.from(labels, c => prototypes[c].map(v => v + noise * next())) };
}

/** The random weights of `seed`, with a head that tells the classes of `inputs` apart. */
export async function fittedWeights(
  graph: Graph,
  head: { readonly weightId: string; readonly feature: string },
  inputs: readonly ModelInput[],
  labels: Int32Array,
  seed: string,
): Promise<ModelWeights> {
  const weights = randomWeights(graph, seed);
  const network = prepare(graph, weights);
  const features: Float32Array[] = [];
  for (const input of inputs) {
    const { taps } = await network.run(input, { taps: [head.feature] });
    features.push(taps.get(head.feature)!.data);
  }
  const { in: size, out } = weights.linear(head.weightId);
  const { weight, bias } = ridge(features, labels, size, out);
  return {
    ...weights,
    linear: id => (id === head.weightId ? { in: size, out, weight, bias } : weights.linear(id)),
  };
}

/** Least squares on one-hot labels: (F'F + r I) W = F'Y on centred features, by Cholesky. */
function ridge(features: readonly Float32Array[], labels: Int32Array, size: number, out: number) {
  const n = features.length;
  const mean = Float64Array.from({ length: size }, (_, i) => features.reduce((sum, f) => sum + f[i], 0) / n);
  const share = Float64Array.from({ length: out }, (_, c) => labels.filter(l => l === c).length / n);
  const a = new Float64Array(size * size);
  const b = new Float64Array(size * out);
  for (const [s, f] of features.entries())
    for (let i = 0; i < size; i++) {
      const fi = f[i] - mean[i];
      for (let j = 0; j < size; j++) a[i * size + j] += fi * (f[j] - mean[j]);
      for (let c = 0; c < out; c++) b[i * out + c] += fi * ((labels[s] === c ? 1 : 0) - share[c]);
    }
  for (let i = 0; i < size; i++) a[i * size + i] += RIDGE * n;
  const w = solve(a, b, size, out);
  const bias = Float32Array.from({ length: out }, (_, c) => {
    let sum = share[c];
    for (let i = 0; i < size; i++) sum -= mean[i] * w[i * out + c];
    return SPREAD * sum;
  });
  return { weight: Float32Array.from(w, v => SPREAD * v), bias };
}

/** A symmetric positive definite system with several right-hand sides; overwrites both. */
function solve(a: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < n; i++) a[i * n + j] -= a[i * n + k] * a[j * n + k];
    const root = Math.sqrt(a[j * n + j]);
    for (let i = j; i < n; i++) a[i * n + j] /= root;
  }
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) b[i * columns + c] -= a[i * n + k] * b[k * columns + c];
      b[i * columns + c] /= a[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) b[i * columns + c] -= a[k * n + i] * b[k * columns + c];
      b[i * columns + c] /= a[i * n + i];
    }
  }
  return b;
}

/** Writes model.safetensors, model.yaml, x.npy and y.npy into `folder`: float32 accuracy is far above chance. */
export async function writeTinyNetwork(folder: string, images = 64): Promise<void> {
  const graph = buildGraph(tinyModel());
  const train = prototypeImages(3 * 16 * 16, 10, 300, 1, 'train');
  const head = { weightId: 'head', feature: 'head.token' };
  const inputs = train.images.map(image => ({ image }));
  const weights = await fittedWeights(graph, head, inputs, train.labels, 'tiny');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(weightTensors(graph, weights)));
  writeFileSync(join(folder, 'model.yaml'), MODEL_YAML);
  const test = prototypeImages(3 * 16 * 16, 10, images, 1, 'test');
  const all = new Float32Array(images * 3 * 16 * 16);
  for (const [i, image] of test.images.entries()) all.set(image, i * image.length);
  writeFileSync(join(folder, 'x.npy'), writeNpy(all, [images, 3, 16, 16]));
  writeFileSync(join(folder, 'y.npy'), writeNpy(test.labels, [images]));
}
