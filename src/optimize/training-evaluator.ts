/** The evaluator of the product: candidates start from the network without reuse, which also teaches them (TReX, arXiv 2408.12742, Eq. 3). */
import type { TrainData } from '../train/data.ts';
import type { Ending, KnownNetwork, TrainResult } from '../train/options.ts';
import type { Threads } from '../train/predict.ts';
import type { Recipe } from '../train/recipe.ts';
import { train } from '../train/train.ts';
import type { Variation } from '../train/variation/options.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import { loadWeights } from '../workload/import/load-weights.ts';
import { parseSafetensors } from '../workload/import/safetensors.ts';
import { writeSafetensors } from '../workload/import/safetensors-writer.ts';
import { weightTensors } from '../workload/import/save-weights.ts';
import type { ModelConfig } from '../workload/model.ts';
import {
  type Evaluation,
  EvaluationFailed,
  type EvaluationHooks,
  type EvaluationJob,
  type Evaluator,
} from './evaluator.ts';

/** What our own trainer needs: network, data, recipe, crossbars. */
export interface TrainingOptions extends Threads {
  readonly model: ModelConfig;
  readonly data: TrainData;
  /** Watched after each epoch: the best epoch's weights are kept. */
  readonly validation: TrainData;
  /** But for epochs and fraction, which are the job's. */
  readonly recipe: Partial<Recipe>;
  /** The crossbars of a network, for jobs that ask for their noise; without it there are none. */
  readonly variation?: ((graph: Graph) => Variation) | undefined;
  /** A safetensors file of the network without reuse; undefined until the job `base` has made it. */
  baseWeights(): Uint8Array | undefined;
}

/** Deterministic: the same job gives the same bytes, whether or not it was cut off and resumed. */
export function trainingEvaluator(options: TrainingOptions): Evaluator {
  let base: KnownNetwork | undefined;
  // Read from the file, so that a resumed search starts from the same values.
  const known = (): KnownNetwork | undefined => (base ??= knownNetwork(options));
  return {
    deterministic: true,
    async evaluate(job, hooks) {
      const from = job.stage === 'base' ? undefined : known();
      return evaluationOf(job, await trained(job, from, options, hooks));
    },
    close: async () => {},
  };
}

/** What weights in a file are to training: the start and the teacher of the networks with reuse. */
function knownNetwork({ model, baseWeights }: TrainingOptions): KnownNetwork | undefined {
  const bytes = baseWeights();
  if (bytes === undefined) return undefined;
  const file = 'weights of the network without reuse';
  const { weights } = loadWeights(parseSafetensors(bytes, file).tensors, buildGraph(model), file);
  return { model, weights };
}

async function trained(
  job: EvaluationJob,
  from: KnownNetwork | undefined,
  options: TrainingOptions,
  { checkpoint, onStep, pause }: EvaluationHooks,
): Promise<TrainResult> {
  const { data, validation, recipe, variation, threads, startHelpers } = options;
  const { plan, pruning, epochs, fraction, seed } = job;
  const model = pruning === undefined ? options.model : ({ ...options.model, pruning } as ModelConfig);
  const stop = new AbortController();
  let stopped: unknown;
  const noise = job.variation ? variation?.(buildGraph(model, { reuse: plan })) : undefined;
  const result = await train(
    {
      model,
      reuse: plan,
      data,
      validation,
      threads,
      startHelpers,
      seed,
      recipe: { ...recipe, epochs, fraction },
      base: from,
      teacher: from,
      variation: noise,
    },
    {
      checkpoint,
      signal: stop.signal,
      onProgress({ step, steps }) {
        onStep(step, steps);
        pause().catch(error => {
          stopped = error;
          stop.abort();
        });
      },
    },
  );
  if (stopped !== undefined) throw stopped;
  return result;
}

/** @throws EvaluationFailed for a candidate whose loss left the numbers; of the last job the good epochs are kept. */
function evaluationOf({ stage }: EvaluationJob, result: TrainResult): Evaluation {
  const { graph, weights, lossHistory, accuracy, ending } = result;
  const loss = lossHistory.at(-1);
  if (loss === undefined || (ending === 'diverged' && stage === 'partial'))
    throw new EvaluationFailed(
      `its loss was no number any more in epoch ${lossHistory.length + 1}: a lower learning rate may help`,
    );
  return {
    loss,
    accuracy,
    lossHistory,
    warnings: warningsOf(ending, result),
    weights: stage === 'partial' ? null : writeSafetensors(weightTensors(graph, weights)),
  };
}

const warningsOf = (ending: Ending, { lossHistory, epoch }: TrainResult): string[] =>
  ending === 'diverged'
    ? [
        `the loss was no number any more in epoch ${lossHistory.length + 1}: the weights are those of epoch ${epoch}`,
      ]
    : [];
