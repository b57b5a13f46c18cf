/** What a free search predicts losses from: CKA and partial trainings for reuse, one encoder's noise at a time for crossbars. */
import { availableParallelism } from 'node:os';
import { CALIBRATION_INPUTS, calibrateOn } from '../../accuracy/calibration.ts';
import type { NetworkSource } from '../../accuracy/runner.ts';
import { classesOf, type Sample } from '../../accuracy/samples.ts';
import { TrexError } from '../../base/errors.ts';
import type { ModelInput } from '../../numerics/execute/input.ts';
import { percentile } from '../../numerics/quantize/percentile.ts';
import { attentionSimilarity } from '../../optimize/attention-similarity.ts';
import type { EvaluationJob } from '../../optimize/evaluator.ts';
import { outcomeOf, type SearchStore } from '../../optimize/search.ts';
import { trainingEvaluator } from '../../optimize/training-evaluator.ts';
import type { DesignSpace } from '../../search/design.ts';
import { type Keep, keepText, pruningOf } from '../../search/keep.ts';
import { type KeepLoss, measuredKeepLoss } from '../../search/keep-loss.ts';
import { measureNoise, type NoiseTable } from '../../search/noise-loss.ts';
import { randomKeeps } from '../../search/random-keep.ts';
import { randomSets } from '../../search/random-sets.ts';
import { fitReuseLoss, leftOut, type ReuseLoss, type ReuseSample } from '../../search/reuse-loss.ts';
import { firstSamples, type TrainData } from '../../train/data.ts';
import { startThreads } from '../../train/node/threads.ts';
import { buildGraph } from '../../workload/graph.ts';
import { loadWeights } from '../../workload/import/load-weights.ts';
import { parseSafetensors } from '../../workload/import/safetensors.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { openBackend } from '../io/backend.ts';
import { deviceOptions } from '../io/flags.ts';
import { type Measurements, remembered } from '../optimize/store.ts';
import type { TrainingData } from '../optimize/training-data.ts';
import type { SearchArguments } from './options.ts';

/** Inputs that calibrate the ranges of activations. */

const WIDTHS = { weightBits: 8, inputBits: 8 } as const;

export interface LossModelSpec {
  readonly args: SearchArguments;
  readonly model: ModelConfig;
  readonly space: DesignSpace;
  readonly data: TrainingData;
  readonly weights: Uint8Array;
  readonly store: SearchStore & Measurements;
}

export interface LossModel {
  readonly reuseLoss: ReuseLoss;
  readonly keepLoss: KeepLoss;
  readonly noise: NoiseTable;
  readonly samples: readonly Sampled[];
  /** What each sample was predicted as from the others. */
  readonly leftOut: readonly number[];
  /** Keeps the losses of pruned tokens that have been measured so far. */
  save(): void;
}

/** A partial training. */
export type Sampled = ReuseSample & { readonly keep: Keep; readonly keepLoss: number };

type Told = (label: string, done: number, total: number) => Promise<void>;

export async function lossModel(spec: LossModelSpec, tell: Told): Promise<LossModel> {
  const { args, model, data, weights, store } = spec;
  const { tensors } = parseSafetensors(weights, args.weights);
  const source: NetworkSource = {
    graph: tokens => buildGraph(model, { tokens }),
    weights: graph => loadWeights(tensors, graph, args.weights).weights,
  };
  const inputs = samplesOf(data.validation, model, args.images);
  await tell('CKA', 0, 1);
  const cka = await remembered(store, 'CKA', () =>
    attentionSimilarity(
      source,
      model.encoders,
      inputs.map(sample => sample.input),
    ),
  );
  const keepLosses = new Map((store.measured.get('pruned') as [string, number][] | undefined) ?? []);
  const keepLoss = measuredKeepLoss(
    { model, weights: source.weights(source.graph()), data: firstSamples(data.validation, args.keepImages) },
    keepLosses,
  );
  const samples = await trainedInPart(spec, keepLoss, tell);
  const noise = await noiseOf(spec, source, inputs, tell);
  return {
    reuseLoss: fitReuseLoss(cka, samples),
    keepLoss,
    noise,
    samples,
    leftOut: leftOut(cka, samples),
    save: () => store.measure('pruned', [...keepLosses]),
  };
}

async function noiseOf(
  { args, model, space, store }: LossModelSpec,
  source: NetworkSource,
  inputs: readonly Sample[],
  tell: Told,
): Promise<NoiseTable> {
  const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });
  try {
    const calibration = await calibrateOn(
      source,
      inputs.slice(0, CALIBRATION_INPUTS).map(sample => sample.input),
      percentile(),
      WIDTHS,
    );
    const probe = {
      source,
      samples: inputs,
      classes: classesOf(model),
      quantisation: { calibration, ...WIDTHS },
      backend,
      seed: args.seed,
      words: deviceOptions(args),
    };
    return await measureNoise(
      space,
      probe,
      (done, total) => tell('noise of each encoder', done, total),
      (id, compute) => remembered(store, id, compute),
    );
  } finally {
    await backend.dispose();
  }
}

/** Random sets of every size, some with pruned tokens, as step 3 of the optimiser trains them. */
async function trainedInPart(
  { args, model, space, data, weights, store }: LossModelSpec,
  keepLoss: KeepLoss,
  tell: Told,
): Promise<Sampled[]> {
  const { batch, rate, fraction, partialEpochs: epochs, seed } = args;
  const evaluator = trainingEvaluator({
    model,
    data: data.train,
    validation: data.validation,
    recipe: { batch, rate },
    threads: availableParallelism(),
    startHelpers: startThreads,
    baseWeights: () => weights,
  });
  const samples: Sampled[] = [];
  const plans = randomSets(model.encoders, args.samples, new Set());
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
        pause: () => tell('partial trainings', i, plans.length),
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
