/** Trains the networks of docs/variants.md, seed by seed. Every training is a job whose result is kept. */

import type { KnownNetwork } from '../../src/train/options.ts';
import type { Threads } from '../../src/train/predict.ts';
import { train } from '../../src/train/train.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { loadWeights } from '../../src/workload/import/load-weights.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { type TaskData, taskData } from '../reproduce/data.ts';
import type { JobResult, Jobs } from '../reproduce/jobs.ts';
import type { TrainedNetwork } from '../reproduce/measure.ts';
import { fullStudy } from '../reproduce/tasks.ts';
import type { VariantNetwork } from './networks.ts';
import type { VariantStudy } from './settings.ts';

/** Of training, one idle core: for the time that is left. */
const SECONDS_PER_INPUT = 0.0012;

export interface TrainingContext extends Threads {
  readonly study: VariantStudy;
  readonly jobs: Jobs;
}

/** The images of a seed: drawn when a job first needs them, the same for all networks. */
export class SeedData {
  readonly seed: number;
  readonly #study: VariantStudy;
  #data: Promise<TaskData> | undefined;

  constructor(study: VariantStudy, seed: number) {
    this.#study = study;
    this.seed = seed;
  }

  read(network: VariantNetwork): Promise<TaskData> {
    const task = { ...fullStudy.scenes, sizes: this.#study.sizes };
    return (this.#data ??= taskData(task, network.model, this.seed));
  }
}

/** What is kept of a training. */
export interface Training {
  /** On the validation images. */
  readonly accuracy: number;
}

export type Trained = JobResult<Training>;

/** The network without changes that others start from, before its own last epochs. */
export const startOf = (context: TrainingContext, data: SeedData, base: VariantNetwork): Promise<Trained> => {
  const { recipe, baseEpochs: epochs } = context.study;
  return training(context, data, base, { stage: 'start', recipe: { ...recipe, epochs } }, undefined);
};

/** A network to the end: from `start`, or from nothing where it cannot. */
export function trained(
  context: TrainingContext,
  data: SeedData,
  network: VariantNetwork,
  start: Trained & { readonly network: VariantNetwork },
): Promise<Trained> {
  const { recipe, tuneRecipe, baseEpochs, tuneEpochs } = context.study;
  return network.fromBase
    ? training(
        ...([context, data, network] as const),
        { stage: 'tune', recipe: { ...tuneRecipe, epochs: tuneEpochs } },
        start,
      )
    : training(
        ...([context, data, network] as const),
        { stage: 'whole', recipe: { ...recipe, epochs: baseEpochs + tuneEpochs } },
        undefined,
      );
}

function training(
  { study, jobs, threads, startHelpers }: TrainingContext,
  data: SeedData,
  network: VariantNetwork,
  { stage, recipe }: { stage: string; recipe: VariantStudy['recipe'] },
  start: (Trained & { readonly network: VariantNetwork }) | undefined,
): Promise<Trained> {
  const { name, model, plan } = network;
  const { seed } = data;
  return jobs.run<Training>({
    label: `seed ${seed}: ${name}, ${stage}`,
    inputs: {
      kind: 'variants/train',
      model,
      reuse: plan.encoders,
      recipe,
      sizes: study.sizes,
      seed,
      from: start?.id,
    },
    cost: study.sizes.train * (recipe.epochs ?? 0) * SECONDS_PER_INPUT,
    blank: { accuracy: 0 },
    async run({ checkpoint, onStep, pause }) {
      const { train: inputs, validation } = await data.read(network);
      const base = start && knownNetwork(start);
      const stop = new AbortController();
      let stopped: unknown;
      const { graph, weights, accuracy } = await train(
        { model, reuse: plan, data: inputs, validation, threads, startHelpers, seed, recipe, base },
        {
          checkpoint,
          signal: stop.signal,
          onProgress({ step, steps }) {
            onStep(step / steps);
            pause().catch(error => {
              stopped = error;
              stop.abort();
            });
          },
        },
      );
      if (stopped !== undefined) throw stopped;
      return { value: { accuracy: accuracy ?? 0 }, bytes: writeSafetensors(weightTensors(graph, weights)) };
    },
  });
}

function knownNetwork({
  network: { model, plan },
  bytes,
}: Trained & { network: VariantNetwork }): KnownNetwork {
  const file = `weights of ${model.name}`;
  const graph = buildGraph(model, { reuse: plan });
  const { weights } = loadWeights(parseSafetensors(bytes as Uint8Array, file).tensors, graph, file);
  return { model, reuse: plan, weights };
}

export const networkOf = ({ model, plan }: VariantNetwork, { bytes }: Trained): TrainedNetwork => ({
  model,
  plan,
  weights: bytes as Uint8Array,
});
