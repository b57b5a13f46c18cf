/** One training of files: a network on data by their names, in a folder that a killed run goes on from. */
import { availableParallelism } from 'node:os';
import { crossbarDevices, crossbarsOf } from '../../accuracy/device.ts';
import { type CrossbarTexts, deviceOptions } from '../../accuracy/device-options.ts';
import { jsonText } from '../../base/json-text.ts';
import type { ProgressHooks } from '../../base/progress.ts';
import { VERSION } from '../../base/version.ts';
import { wholeNumber } from '../../base/whole-number.ts';
import { openBackend } from '../../numerics/mvm/node/open-backend.ts';
import { loadModelFrom, loadTechFrom } from '../../run/load.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { hashOf, readBytes } from '../../run/node/read-file.ts';
import { recorded, withTexts } from '../../run/stored-files.ts';
import { startThreads } from '../../train/node/threads.ts';
import { parseReuse } from '../../workload/reuse.ts';
import { reuseSpace } from '../../workload/reuse-space.ts';
import type { EvaluationJob } from '../evaluator.ts';
import { networkYaml } from '../network-file.ts';
import { checkTraining, optimizeDefaults, optionsRecord } from '../options.ts';
import { failedOf, type Outcome } from '../store.ts';
import { trainingEvaluator } from '../training-evaluator.ts';
import { checkStore, NETWORK, openStore, WEIGHTS, withResumeHint } from './folder-store.ts';
import { openTrainingData } from './training-data.ts';

/** A network, its data, and how it is trained; the same options on the same files give the same bytes. */
export interface TrainFileOptions extends Pick<CrossbarTexts, 'encoding' | 'adcRange'> {
  /** A name of the package, or the path of a YAML file. */
  readonly model: string;
  /** Labelled inputs with a training and a test part, or a folder with train.tsv and dev.tsv. */
  readonly data: string;
  readonly vocabulary?: string | undefined;
  /** Encoders that reuse attention. */
  readonly reuse: string;
  /** Weights of the network without reuse: the start, and the teacher. */
  readonly weights?: string | undefined;
  /** `path=value` on top of the files: `model.*`, and `tech.*` of crossbars. */
  readonly set: readonly string[];
  /** Train with the noise of the crossbars in the forward pass. */
  readonly variation: boolean;
  /** Technology of those crossbars. */
  readonly tech: string;
  readonly epochs: number;
  /** Share of the training data. */
  readonly fraction: number;
  readonly batch: number;
  readonly rate: number;
  readonly labelSmoothing: number;
  readonly seed: number;
  /** Folder of the checkpoint, the network and its weights. */
  readonly out: string;
  /** Forget what is in `out`. */
  readonly force: boolean;
}

/** What a training may leave out. */
export const TRAIN_DEFAULTS = {
  reuse: 'none',
  set: [] as string[],
  variation: false,
  tech: 'fefet-32nm',
  adcRange: 'layer',
  epochs: optimizeDefaults.finalEpochs,
  fraction: 1,
  batch: optimizeDefaults.batch,
  rate: optimizeDefaults.rate,
  labelSmoothing: optimizeDefaults.labelSmoothing,
  seed: optimizeDefaults.seed,
  force: false,
} as const;

/** What a training leaves: its numbers, as `result.json` in the folder holds them. */
export interface TrainFileResult {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly reuse: string;
  /** Mean training loss of each epoch, nats. */
  readonly lossHistory: readonly number[];
  /** On inputs that were kept back to choose the epoch by; null without them. */
  readonly accuracy: number | null;
  /** Training and validation inputs, their hash, and what accuracy is to be measured on. */
  readonly data: {
    readonly train: number;
    readonly validation: number;
    readonly sha256: string;
    readonly test: string;
  };
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly text?: string }[];
  readonly warnings: readonly string[];
}

export interface TrainFileHooks extends ProgressHooks {
  /** What is damaged in the folder and done again, a line each. */
  readonly say?: ((line: string) => void) | undefined;
}

const JOB = 'train';

/**
 * Trains a network as an optimisation trains its winner: AdamW, the best epoch by the inputs that are kept back.
 * @example const { accuracy } = await trainFiles({ ...TRAIN_DEFAULTS, model: 'glyph-vit', data: 'glyphs', out: 'w' });
 * @throws TrexError for files and options that do not go together, a folder of another run (1), a loss that is no number any more (1).
 */
export async function trainFiles(
  options: TrainFileOptions,
  hooks: TrainFileHooks = {},
): Promise<TrainFileResult> {
  checkTraining(options);
  wholeNumber('epochs', options.epochs, 1, 10_000);
  const { out: dir, weights, seed, epochs, fraction, variation } = options;
  checkStore(dir);
  const disk = recorded(nodeFiles);
  const network = loadModelFrom(disk, options.model, { set: options.set });
  const { model } = network;
  const plan = parseReuse(options.reuse, reuseSpace(model));
  const tech = variation ? loadTechFrom(disk, options.tech, { set: options.set }) : undefined;
  const devices = tech && crossbarsOf(tech, options.tech);
  const device = deviceOptions(options);
  const path = options.data.replaceAll('\\', '/');
  const { train, validation, test, sha256 } = await openTrainingData(
    path,
    model,
    options.vocabulary,
    seed,
    weights,
  );
  const files = [...network.files, ...(tech?.files ?? [])];
  const run = optionsRecord(options);
  const weightsFile = weights && hashOf(weights, readBytes(weights)).sha256;
  const begin = { schemaVersion: 1, version: VERSION, ...run, files, trainingData: sha256, weightsFile };
  const store = await openStore({
    dir,
    command: 'trex train',
    begin,
    force: options.force,
    results: ['result.json', NETWORK, WEIGHTS.final],
    onDamage: message => hooks.say?.(`warning: ${message}`),
  });
  const backend = devices && (await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined }));
  try {
    const evaluator = trainingEvaluator({
      model,
      data: train,
      validation,
      recipe: { batch: options.batch, rate: options.rate, labelSmoothing: options.labelSmoothing },
      variation: devices && backend && (graph => ({ ...crossbarDevices(devices, device, graph), backend })),
      threads: availableParallelism(),
      startHelpers: startThreads,
      baseWeights: () => (weights === undefined ? undefined : readBytes(weights)),
    });
    const job: EvaluationJob = { id: JOB, stage: 'final', plan, epochs, fraction, variation, seed };
    let done: Outcome | undefined = store.outcomes.get(JOB);
    if (done === undefined) {
      const { weights: bytes, ...outcome } = await evaluator.evaluate(job, {
        checkpoint: store.checkpoint(JOB),
        onStep: (step, steps) =>
          hooks.onProgress?.({ label: 'train', unit: 'steps', done: step, total: steps }),
        pause: async () => await hooks.pause?.(),
      });
      store.finish(JOB, 'final', outcome, bytes as Uint8Array);
      done = outcome;
    }
    if ('failed' in done) throw new Error(String(failedOf(done)));
    const result: TrainFileResult = {
      schemaVersion: 1,
      version: VERSION,
      run,
      model: model.name,
      reuse: plan.pattern,
      lossHistory: done.lossHistory,
      accuracy: done.accuracy,
      data: { train: train.labels.length, validation: validation.labels.length, sha256, test },
      files: withTexts(files, disk),
      warnings: [...network.warnings, ...(tech?.warnings ?? []), ...done.warnings],
    };
    store.write(NETWORK, networkYaml(model, plan));
    store.write('result.json', jsonText(result));
    return result;
  } catch (error) {
    throw withResumeHint(error, dir);
  } finally {
    await backend?.dispose();
    store.close();
  }
}
