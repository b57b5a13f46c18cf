/** What a search predicts losses from: CKA and partial trainings for reuse, one encoder's noise at a time for crossbars. */
import * as z from 'zod';
import { calibrateOn } from '../accuracy/calibration.ts';
import { CALIBRATION_INPUTS, OPERAND_BITS } from '../accuracy/defaults.ts';
import type { DeviceOptions } from '../accuracy/device.ts';
import type { NetworkSource } from '../accuracy/runner.ts';
import { classesOf, type Sample } from '../accuracy/samples.ts';
import { TrexError } from '../base/errors.ts';
import type { ProgressHooks } from '../base/progress.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { percentile } from '../numerics/quantize/percentile.ts';
import { attentionSimilarity } from '../optimize/attention-similarity.ts';
import type { EvaluationJob } from '../optimize/evaluator.ts';
import { keptMap, memoized, type ProgressStore } from '../optimize/store.ts';
import { outcomeOf } from '../optimize/train-candidates.ts';
import { trainingEvaluator } from '../optimize/training-evaluator.ts';
import { firstSamples, type TrainData } from '../train/data.ts';
import type { Threads } from '../train/predict.ts';
import type { Recipe } from '../train/recipe.ts';
import { buildGraph } from '../workload/graph.ts';
import { loadWeights } from '../workload/import/load-weights.ts';
import { parseSafetensors } from '../workload/import/safetensors.ts';
import type { ModelConfig } from '../workload/model.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import type { Design, DesignSpace } from './design.ts';
import { type Keep, keepText, pruningOf } from './keep.ts';
import { type KeepLoss, measuredKeepLoss } from './keep-loss.ts';
import { measureNoise, type NoiseTable, noiseLoss } from './noise-loss.ts';
import { randomKeeps } from './random-keep.ts';
import { randomSets } from './random-sets.ts';
import { fitReuseLoss, leaveOneOut, type ReuseLoss, type ReuseSample } from './reuse-loss.ts';

/** What losses are learned from. */
export interface LossModelOptions extends Threads {
  readonly model: ModelConfig;
  readonly space: DesignSpace;
  /** A safetensors file of the network without reuse. */
  readonly weights: { readonly name: string; readonly bytes: Uint8Array };
  readonly train: TrainData;
  readonly validation: TrainData;
  /** Partial trainings, and the share of the data and the epochs of each. */
  readonly samples: number;
  readonly fraction: number;
  readonly partialEpochs: number;
  /** But for epochs and fraction. */
  readonly recipe: Partial<Recipe>;
  /** Inputs that noise and CKA are measured on, and those of pruned tokens. */
  readonly images: number;
  readonly keepImages: number;
  /** Of cells and converters, but for the ADC's bits. */
  readonly device: DeviceOptions;
  readonly seed: number;
  readonly store: ProgressStore;
  /** Computes reads of crossbars; disposed of when they have been measured. */
  openBackend(): Promise<MvmBackend>;
}

/** The three parts of a predicted loss. */
export interface LossParts {
  readonly reuseLoss: ReuseLoss;
  readonly keepLoss: KeepLoss;
  readonly noise: NoiseTable;
}

export interface LossModel extends LossParts {
  readonly samples: readonly PartialTraining[];
  /** What each sample was predicted as from the others. */
  readonly leftOut: readonly number[];
  /** Keeps the losses of pruned tokens that have been measured so far. */
  save(): void;
}

/** A partial training. */
export type PartialTraining = ReuseSample & { readonly keep: Keep; readonly keepLoss: number };

/** Nats over the network without reuse in float32. */
export function predictedLoss(
  { reuseLoss, keepLoss, noise }: LossParts,
  space: DesignSpace,
): (design: Design) => Promise<number> {
  const none = reuseLoss([]);
  return async design =>
    reuseLoss(design.plan.encoders, await keepLoss(design.keep)) - none + noiseLoss(design, space, noise);
}

type Step = (label: string, done: number, total: number) => Promise<void>;

/** @throws TrexError if none of the partial trainings ends. */
export async function lossModel(
  options: LossModelOptions,
  { onProgress, pause }: ProgressHooks = {},
): Promise<LossModel> {
  const { model, validation, weights, store } = options;
  const step: Step = async (label, done, total) => {
    onProgress?.({ label, unit: 'steps', done, total });
    await pause?.();
  };
  const { tensors } = parseSafetensors(weights.bytes, weights.name);
  const source: NetworkSource = {
    graph: tokens => buildGraph(model, { tokens }),
    weights: graph => loadWeights(tensors, graph, weights.name).weights,
  };
  const inputs = samplesOf(validation, model, options.images);
  await step('CKA', 0, 1);
  const cka = await memoized(store, 'CKA', z.array(z.array(z.number())), () =>
    attentionSimilarity(
      source,
      inputs.map(sample => sample.input),
      () => step('CKA', 0, 1),
    ),
  );
  const keepLosses = keptMap(store, 'pruned', z.number());
  const keepLoss = measuredKeepLoss(
    { model, weights: source.weights(source.graph()), data: firstSamples(validation, options.keepImages) },
    keepLosses.values,
  );
  const samples = await partialTrainings(options, keepLoss, step);
  const noise = await noiseOf(options, source, inputs, step);
  return {
    reuseLoss: fitReuseLoss(cka, samples),
    keepLoss,
    noise,
    samples,
    leftOut: leaveOneOut(cka, samples),
    save: keepLosses.save,
  };
}

async function noiseOf(
  { model, space, store, seed, device, openBackend }: LossModelOptions,
  source: NetworkSource,
  inputs: readonly Sample[],
  step: Step,
): Promise<NoiseTable> {
  const backend = await openBackend();
  try {
    const calibration = await calibrateOn(
      source,
      inputs.slice(0, CALIBRATION_INPUTS).map(sample => sample.input),
      percentile(),
      OPERAND_BITS,
    );
    const probe = {
      source,
      samples: inputs,
      classes: classesOf(model),
      quantisation: { calibration, ...OPERAND_BITS },
      backend,
      seed,
      device,
    };
    return await measureNoise(
      space,
      probe,
      (done, total) => step('noise of each encoder', done, total),
      (id, schema, compute) => memoized(store, id, schema, compute),
    );
  } finally {
    await backend.dispose();
  }
}

/** Random sets of every size, some with pruned tokens, as step 3 of the optimiser trains them. */
async function partialTrainings(
  options: LossModelOptions,
  keepLoss: KeepLoss,
  step: Step,
): Promise<PartialTraining[]> {
  const { model, space, store, recipe, fraction, partialEpochs: epochs, seed } = options;
  const { train: data, validation, weights, threads, startHelpers } = options;
  const baseWeights = (): Uint8Array => weights.bytes;
  const evaluator = trainingEvaluator({
    model,
    data,
    validation,
    recipe,
    threads,
    startHelpers,
    baseWeights,
  });
  const samples: PartialTraining[] = [];
  const plans = randomSets(reuseSpace(model), options.samples, new Set());
  const keeps = randomKeeps(plans, model.encoders, space.keep, seed);
  try {
    for (const [i, plan] of plans.entries()) {
      const keep = keeps[i];
      const job: EvaluationJob = {
        id: `partial ${plan.pattern}, keep ${keepText(keep)}`,
        stage: 'partial',
        plan,
        pruning: pruningOf(keep),
        fraction,
        epochs,
        variation: false,
        seed,
      };
      const outcome = await outcomeOf(job, evaluator, store, {
        onStep: () => {},
        pause: () => step('partial trainings', i, plans.length),
      });
      if (!('failed' in outcome))
        samples.push({ encoders: plan.encoders, keep, keepLoss: await keepLoss(keep), loss: outcome.loss });
    }
  } finally {
    await evaluator.close();
  }
  if (samples.length === 0)
    throw new TrexError('none of the partial trainings ended: nothing to predict losses from');
  return samples;
}

/** The first inputs as the executor takes them: texts without their padding. */
function samplesOf({ inputs, labels, lengths }: TrainData, model: ModelConfig, count: number): Sample[] {
  const each = inputs.length / labels.length;
  return Array.from({ length: Math.min(count, labels.length) }, (_, index) => {
    const from = index * each;
    const input: ModelInput =
      inputs instanceof Int32Array
        ? { words: inputs.subarray(from, from + (lengths?.[index] ?? each)) }
        : { image: inputs.subarray(from, from + each) };
    return { index, name: `${model.name} input ${index}`, label: labels[index], input };
  });
}
