/** Opens what trains the candidates: our trainer on the user's data, or the user's program. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { crossbarDevices } from '../../accuracy/device.ts';
import { deviceOptions } from '../../accuracy/device-options.ts';
import { openBackend } from '../../numerics/mvm/node/open-backend.ts';
import { readBytes } from '../../run/node/read-file.ts';
import { startThreads } from '../../train/node/threads.ts';
import { buildGraph } from '../../workload/graph.ts';
import { loadWeights } from '../../workload/import/load-weights.ts';
import { parseSafetensors } from '../../workload/import/safetensors.ts';
import type { Evaluator } from '../evaluator.ts';
import type { HardwarePlan } from '../hardware.ts';
import type { OptimizeFileOptions } from '../options.ts';
import { trainingEvaluator } from '../training-evaluator.ts';
import { type FolderStore, NETWORK, WEIGHTS } from './folder-store.ts';
import { processEvaluator } from './process-evaluator.ts';
import type { TrainingData } from './training-data.ts';

/** A program of the user. */
export function openProgram(
  { evaluator: command, evaluatorTimeout: timeout_s, weights, out }: OptimizeFileOptions,
  { model }: HardwarePlan,
  onChatter: (line: string) => void,
): Evaluator {
  return processEvaluator({
    command: command!,
    timeout_s,
    folder: resolve(out!),
    network: resolve(out!, NETWORK),
    weights: weights === undefined ? null : resolve(weights),
    onChatter,
    checkWeights: (bytes, reuse) => {
      const file = 'its weights';
      loadWeights(parseSafetensors(bytes, file).tensors, buildGraph(model, { reuse }), file);
    },
  });
}

/** Our trainer, on all cores; crossbars as `trex accuracy` has them with the same options. */
export async function openTrainer(
  options: OptimizeFileOptions,
  { arch, model }: HardwarePlan,
  store: FolderStore,
  { train, validation }: TrainingData,
): Promise<Evaluator> {
  const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });
  const { batch, rate, labelSmoothing, weights } = options;
  const device = deviceOptions(options);
  const evaluator = trainingEvaluator({
    model,
    data: train,
    validation,
    recipe: { batch, rate, labelSmoothing },
    variation: graph => ({ ...crossbarDevices(arch.devices, device, graph), backend }),
    threads: availableParallelism(),
    startHelpers: startThreads,
    baseWeights: () => (weights === undefined ? store.read(WEIGHTS.base) : readBytes(weights)),
  });
  return {
    deterministic: true,
    evaluate: evaluator.evaluate,
    close: async () => {
      await evaluator.close();
      await backend.dispose();
    },
  };
}
