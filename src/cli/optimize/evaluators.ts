/** Opens what trains the candidates: our trainer on the user's data, or the user's program. */
import { availableParallelism } from 'node:os';
import { crossbarDevices } from '../../accuracy/device.ts';
import type { Evaluator } from '../../optimize/evaluator.ts';
import { processEvaluator } from '../../optimize/node/process-evaluator.ts';
import { trainingEvaluator } from '../../optimize/training-evaluator.ts';
import { startThreads } from '../../train/node/threads.ts';
import { buildGraph } from '../../workload/graph.ts';
import { loadWeights } from '../../workload/import/load-weights.ts';
import { parseSafetensors } from '../../workload/import/safetensors.ts';
import { openBackend } from '../io/backend.ts';
import { deviceOptions } from '../io/flags.ts';
import { readBytes } from '../io/read-file.ts';
import type { Hardware } from './hardware.ts';
import { NETWORK, type OptimizeStore, WEIGHTS } from './store.ts';
import { inFolder } from './train.ts';
import type { TrainingData } from './training-data.ts';
import type { OptimizeArguments } from './words.ts';

/** A program of the user. */
export function openProgram(
  { evaluator: command, evaluatorTimeout: timeout_s, weights, out }: OptimizeArguments,
  { model }: Hardware,
  onChatter: (line: string) => void,
): Evaluator {
  return processEvaluator({
    command: command!,
    timeout_s,
    folder: inFolder(out!, '.'),
    network: inFolder(out!, NETWORK),
    weights: weights === undefined ? null : inFolder('.', weights),
    onChatter,
    checkWeights: (bytes, reuse) => {
      const file = 'its weights';
      loadWeights(parseSafetensors(bytes, file).tensors, buildGraph(model, { reuse }), file);
    },
  });
}

/** Our trainer, on all cores; crossbars as `trex accuracy` has them with the same words. */
export async function openTrainer(
  args: OptimizeArguments,
  { arch, model }: Hardware,
  store: OptimizeStore,
  { train, validation }: TrainingData,
): Promise<Evaluator> {
  const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });
  const { batch, rate, labelSmoothing } = args;
  const device = deviceOptions(args);
  const evaluator = trainingEvaluator({
    model,
    data: train,
    validation,
    recipe: { batch, rate, labelSmoothing },
    variation: graph => ({ ...crossbarDevices(arch.devices, device, graph), backend }),
    threads: availableParallelism(),
    startHelpers: startThreads,
    baseWeights: () => (args.weights === undefined ? store.read(WEIGHTS.base) : readBytes(args.weights)),
  });
  return {
    evaluate: evaluator.evaluate,
    close: async () => {
      await evaluator.close();
      await backend.dispose();
    },
  };
}
