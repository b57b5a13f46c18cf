/** Small runs for the tests of training: an engine on given weights, batches put in, losses and gradients read out. */

import { inputFloats } from '../../src/train/network/layout.ts';
import { copyWeights } from '../../src/train/network/parameter-vector.ts';
import { type Engine, type StartHelpers, startEngine } from '../../src/train/step/engine.ts';
import type { LossOptions } from '../../src/train/step/loss.ts';
import type { Graph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import { anyIds, anyImage } from '../numerics/execute/tiny.ts';

export interface Batch {
  readonly images?: readonly Float32Array[];
  readonly words?: readonly Int32Array[];
  readonly types?: readonly Int32Array[];
  readonly labels: readonly number[];
}

export const PLAIN: LossOptions = { labelSmoothing: 0, softLabels: 0, features: 0 };

/** Inputs and labels from a seed. */
export function anyBatch(graph: Graph, samples: number, seed: number): Batch {
  const { model } = graph;
  const numbers = Array.from({ length: samples }, (_, i) => i);
  const labels = numbers.map(i => (i * 7 + seed) % model.classes!);
  if ('imageSize' in model) return { images: numbers.map(i => anyImage(model, seed * 100 + i)), labels };
  const { tokens, vocabulary, types } = model as Extract<Graph['model'], { vocabulary: number }>;
  return {
    words: numbers.map(i => anyIds(tokens, vocabulary, seed * 100 + i)),
    types: numbers.map(i => anyIds(tokens, types, seed * 100 + 50 + i)),
    labels,
  };
}

export async function engineOn(
  graph: Graph,
  weights: ModelWeights,
  options: { batch: number; threads?: number; start?: StartHelpers; variation?: boolean },
): Promise<Engine> {
  const { batch, threads = 1, start, variation = false } = options;
  const engine = await startEngine({ graph, batch, threads, variation }, start);
  copyWeights(graph, engine.layout.parameters, weights, engine.vector);
  return engine;
}

export function putBatch({ layout, floats, ints }: Engine, batch: Batch): void {
  const size = inputFloats(layout.spec.graph);
  batch.images?.forEach((image, i) => {
    floats.set(image, layout.inputs / 4 + i * size);
  });
  batch.words?.forEach((words, i) => {
    ints.set(words, layout.inputs / 4 + i * size);
    ints.set(batch.types![i], layout.types / 4 + i * size);
    ints[layout.lengths / 4 + i] = words.length;
  });
  ints.set(batch.labels, layout.labels / 4);
}

/** Mean loss, logits by sample, and the gradient vector of a batch. */
export async function gradientOf(engine: Engine, batch: Batch, loss: LossOptions = PLAIN) {
  const { layout } = engine;
  const samples = batch.labels.length;
  putBatch(engine, batch);
  await engine.run({ kind: 'pack', noisy: false, high: 127 });
  await engine.run({
    kind: 'train',
    samples,
    noisy: false,
    taught: loss.softLabels > 0 || loss.features > 0,
    loss,
  });
  await engine.run({ kind: 'reduce' });
  const losses = new Float64Array(engine.memory, layout.losses, samples);
  const classes = engine.program.logits.columns;
  return {
    loss: losses.reduce((sum, l) => sum + l, 0) / samples,
    logits: Array.from({ length: samples }, (_, i) =>
      engine.view(layout.logits + i * classes * 4, classes).slice(),
    ),
    gradient: engine.view(layout.gradient, layout.parameters.size).slice(),
  };
}
