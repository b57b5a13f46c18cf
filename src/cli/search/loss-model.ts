/** What a free search predicts losses from: CKA and partial trainings for reuse, one encoder's noise at a time for crossbars. */
import { availableParallelism } from 'node:os';
import { calibrateOn } from '../../accuracy/calibration.ts';
import type { DeviceWords } from '../../accuracy/device.ts';
import type { NetworkSource } from '../../accuracy/runner.ts';
import { classesOf, type Sample } from '../../accuracy/samples.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { TrexError } from '../../errors.ts';
import type { ModelInput } from '../../numerics/execute/input.ts';
import { percentile } from '../../numerics/quantize/percentile.ts';
import { attentionSimilarity } from '../../optimize/attention-similarity.ts';
import { EvaluationFailed } from '../../optimize/evaluator.ts';
import { spearman } from '../../optimize/rank-correlation.ts';
import type { DesignSpace } from '../../optimize/search/design.ts';
import { measureNoise, type NoiseTable } from '../../optimize/search/noise-loss.ts';
import { randomSets } from '../../optimize/search/random-sets.ts';
import { fitReuseLoss, leftOut, type ReuseLoss, type ReuseSample } from '../../optimize/search/reuse-loss.ts';
import { trainingEvaluator } from '../../optimize/training-evaluator.ts';
import type { TrainData } from '../../train/data.ts';
import { startThreads } from '../../train/node/threads.ts';
import { buildGraph } from '../../workload/graph.ts';
import { loadWeights } from '../../workload/import/load-weights.ts';
import { parseSafetensors } from '../../workload/import/safetensors.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { openBackend } from '../accuracy/backend.ts';
import type { TrainingData } from '../optimize/training-data.ts';
import type { SearchArguments } from './options.ts';

/** Inputs that calibrate the ranges of activations. */
const CALIBRATION = 16;
const WIDTHS = { weightBits: 8, inputBits: 8 } as const;
/** As `trex accuracy` has them by default. */
const WORDS: DeviceWords = { encoding: 'offset', adcRange: 'layer' };

export interface LossModelSpec {
  readonly args: SearchArguments;
  readonly model: ModelConfig;
  readonly arch: ArchConfig;
  readonly space: DesignSpace;
  readonly data: TrainingData;
  readonly weights: Uint8Array;
}

export interface LossModel {
  readonly reuseLoss: ReuseLoss;
  readonly noise: NoiseTable;
  readonly samples: readonly ReuseSample[];
  /** What each sample was predicted as from the others, and the rank correlation of both. */
  readonly leftOut: readonly number[];
  readonly rank: number;
}

type Told = (label: string, done: number, total: number) => Promise<void>;

export async function lossModel(spec: LossModelSpec, tell: Told): Promise<LossModel> {
  const { args, model, space, data, weights } = spec;
  const { tensors } = parseSafetensors(weights, args.weights);
  const source: NetworkSource = {
    graph: tokens => buildGraph(model, { tokens }),
    weights: graph => loadWeights(tensors, graph, args.weights).weights,
  };
  const inputs = samplesOf(data.validation, model, args.images);
  await tell('CKA', 0, 1);
  const cka = await attentionSimilarity(
    source,
    model.encoders,
    inputs.map(sample => sample.input),
  );
  const samples = await trainedInPart(spec, tell);
  const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });
  try {
    const calibration = await calibrateOn(
      source,
      inputs.slice(0, CALIBRATION).map(sample => sample.input),
      percentile(),
      WIDTHS,
    );
    const probe = {
      ...{ source, samples: inputs, classes: classesOf(model), quantisation: { calibration, ...WIDTHS } },
      ...{ backend, seed: args.seed, words: WORDS },
    };
    const noise = await measureNoise(space, probe, (done, total) =>
      tell('noise of each encoder', done, total),
    );
    const predicted = leftOut(cka, samples);
    const rank = spearman(
      predicted,
      samples.map(s => s.loss),
    );
    return { reuseLoss: fitReuseLoss(cka, samples), noise, samples, leftOut: predicted, rank };
  } finally {
    await backend.dispose();
  }
}

/** Random sets of every size, and no reuse, as step 3 of the optimiser trains them. */
async function trainedInPart(
  { args, model, data, weights }: LossModelSpec,
  tell: Told,
): Promise<ReuseSample[]> {
  const { batch, rate, fraction, partialEpochs: epochs, seed } = args;
  const evaluator = trainingEvaluator({
    ...{ model, data: data.train, validation: data.validation, recipe: { batch, rate } },
    ...{ threads: availableParallelism(), startHelpers: startThreads, baseWeights: () => weights },
  });
  const samples: ReuseSample[] = [];
  const plans = randomSets(model.encoders, args.samples, new Set());
  for (const [i, plan] of plans.entries()) {
    const job = {
      id: plan.pattern,
      stage: 'partial',
      plan,
      fraction,
      epochs,
      variation: false,
      seed,
    } as const;
    try {
      const { loss } = await evaluator.evaluate(job, {
        checkpoint: { load: () => undefined, save: () => {} },
        onStep: () => {},
        pause: () => tell('partial trainings', i, plans.length),
      });
      samples.push({ encoders: plan.encoders, loss });
    } catch (error) {
      if (!(error instanceof EvaluationFailed)) throw error;
    }
  }
  await evaluator.close();
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
