/** A trained network on data, in float32: logits, and how many labels they meet. */

import type { Graph } from '../workload/graph.ts';
import type { ModelWeights } from '../workload/import/model-weights.ts';
import { forwardAll, type TeacherOutputs } from './batches.ts';
import { checkData, type TrainData } from './data.ts';
import { classesOf, inputFloats } from './network/layout.ts';
import { copyWeights } from './network/parameter-vector.ts';
import { type StartHelpers, startEngine } from './step/engine.ts';
import { argMax, logSoftmax } from './step/loss.ts';

/** Samples that run together. */
const BATCH = 64;

/** How good predictions are. */
export interface Scores {
  /** Share of the labels that have the largest logit. */
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/** How many threads compute. */
export interface Threads {
  /** Threads in all, and how to start them; without the latter everything runs on the calling thread. */
  readonly threads?: number | undefined;
  readonly startHelpers?: StartHelpers | undefined;
}

/** Logits [samples][classes] and the classifier's inputs [samples][width]. @throws TrexError (usage) for data that do not fit. */
export async function predict(
  graph: Graph,
  weights: ModelWeights,
  data: TrainData,
  { threads = 1, startHelpers }: Threads = {},
): Promise<TeacherOutputs> {
  const batch = Math.min(BATCH, Math.max(1, data.labels.length));
  const engine = await startEngine({ graph, batch, threads, variation: false }, startHelpers);
  try {
    checkData('data', data, graph.model, inputFloats(graph), classesOf(graph));
    copyWeights(graph, engine.layout.parameters, weights, engine.vector);
    await engine.run({ kind: 'pack', noisy: false, high: 0 });
    return await forwardAll(engine, data, false);
  } finally {
    await engine.close();
  }
}

/** Accuracy and cross-entropy of logits. */
export function scoresOf(logits: Float32Array, labels: Int32Array): Scores {
  const classes = logits.length / labels.length;
  let [right, loss] = [0, 0];
  for (const [i, label] of labels.entries()) {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    if (argMax(own) === label) right++;
    loss -= logSoftmax(own)[label];
  }
  return { accuracy: right / labels.length, loss: loss / labels.length };
}
