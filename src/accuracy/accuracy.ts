/** Accuracy of a trained network on noisy crossbars, from options to figures: network, data, calibration, jobs. */
import { usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { DataFiles } from '../data/data-files.ts';
import type { DataOptions } from '../data/data-options.ts';
import type { DataSet } from '../data/data-set.ts';
import { openData } from '../data/open-data.ts';
import { subset } from '../data/subset.ts';
import type { NormalizationName } from '../data/transform.ts';
import { layerWarnings } from '../map/layer-warnings.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import type { AccuracyResult } from '../report/accuracy-table.ts';
import { loadTechFrom } from '../run/load.ts';
import type { ModelConfig } from '../workload/model.ts';
import { calibrateOn, calibratorOf } from './calibration.ts';
import { backendRecord, checkBits, checkCrossbars } from './check-crossbars.ts';
import { collect } from './collect.ts';
import { CALIBRATION_INPUTS } from './defaults.ts';
import { type CrossbarDevices, crossbarDevices, crossbarsOf, type DeviceOptions } from './device.ts';
import { evaluate } from './evaluate.ts';
import { type JobRecord, jobsOf } from './jobs.ts';
import { type NetworkFile, type NetworkFiles, openNetwork } from './network-file.ts';
import { normalizationBeside } from './preprocessor.ts';
import type { ProgressHeader } from './progress-text.ts';
import { isFile } from './read-files.ts';
import { classesOf, readSamples, type Samples } from './samples.ts';
import { nominalPoint, parseSweep, sweptOptions } from './sweep.ts';
import { SWEEPS } from './sweep-parameters.ts';

/** What is measured; the same options on the same files give the same result. */
export interface AccuracyOptions {
  readonly model: string;
  readonly config: string | null;
  readonly modelName: string | null;
  readonly heads: number | null;
  readonly reuse: string;
  readonly data: string;
  readonly split: 'test' | 'train';
  readonly classes: string | null;
  readonly vocabulary: string | null;
  readonly normalization: string | null;
  readonly images: number;
  readonly skipBad: boolean;
  readonly calibration: number;
  readonly calibrator: string;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly tech: string;
  readonly set: readonly string[];
  readonly device: DeviceOptions;
  readonly sweep: string | null;
  readonly layers: boolean;
  readonly snrImages: number;
  readonly draws: number;
  readonly seed: number;
}

/** What a measurement may leave out. */
export const ACCURACY_DEFAULTS = {
  config: null,
  modelName: null,
  heads: null,
  reuse: 'none',
  split: 'test',
  classes: null,
  vocabulary: null,
  normalization: null,
  images: 100,
  skipBad: false,
  calibration: CALIBRATION_INPUTS,
  calibrator: 'percentile',
  weightBits: 8,
  inputBits: 8,
  tech: 'trex-fefet-32nm',
  set: [],
  device: { encoding: 'offset', adcRange: 'layer' },
  sweep: null,
  layers: false,
  snrImages: 4,
  draws: 3,
  seed: 1,
} as const satisfies Omit<AccuracyOptions, 'model' | 'data'>;

/** Only the network and the data have no default. */
export type AccuracyRequest = Pick<AccuracyOptions, 'model' | 'data'> & Partial<AccuracyOptions>;

/** Where a run keeps the jobs that are done. */
export interface JobStore {
  readonly records: Map<string, JobRecord>;
  /** Adds the record of a job that has just ended. */
  append(record: JobRecord): void;
}

export interface AccuracyHooks extends NetworkFiles {
  readonly backend: MvmBackend;
  /** Opens the store, once it is known what the run depends on. */
  readonly open?: (begin: ProgressHeader) => JobStore | undefined;
  /** May throw; `what` is the part of the run. */
  readonly pause?: (what: 'read' | 'calibrate' | 'accuracy', done: number, total: number) => Promise<void>;
}

/**
 * Top-1, loss and signal to noise by layer, in float32, in integers and on crossbars.
 * @example await accuracy({ model: 'deit-s.safetensors', modelName: 'deit-s', data: 'val' }, { files: nodeFiles, disk: diskFiles, backend });
 * @throws TrexError, before the first job: bad options (2), a missing file (4), files and networks that do not go together (2, 3).
 */
export async function accuracy(request: AccuracyRequest, hooks: AccuracyHooks): Promise<AccuracyResult> {
  const options = accuracyOptions(request);
  const { files, backend } = hooks;
  const pause: NonNullable<AccuracyHooks['pause']> = async (what, done, total) =>
    await hooks.pause?.(what, done, total);
  const sweep = options.sweep === null ? null : parseSweep(options.sweep);
  const values: readonly (number | null)[] = sweep?.values ?? [null];
  const calibrator = calibratorOf(options.calibrator);
  const tech = loadTechFrom(files, options.tech, { set: options.set });
  const devices = crossbarsOf(tech, options.tech);
  const network = await openNetwork(networkOf(options), hooks);
  const { model } = network;
  const classes = classesOf(model);
  const graph = network.graph();
  const points = values.map(
    (value): CrossbarDevices =>
      crossbarDevices(
        devices,
        sweep === null ? options.device : sweptOptions(options.device, sweep.parameter, value!),
        graph,
      ),
  );
  const layerPoint = sweep === null ? 0 : nominalPoint(sweep, devices, options.device);
  for (const point of points) checkCrossbars(graph, point, options);

  const { set, all, warnings } = await openSet(options, network, classes, hooks);
  const samples = await readSamples(set, model, {
    skipBad: options.skipBad,
    pause: (done, total) => pause('read', done, total),
  });
  const calibrated = await calibrationInputs(all, options, model);
  const hashes = [...(await network.hashes()), ...tech.files];
  const data = [samples.sha256, calibrated.samples.sha256].join('+');
  const begin: ProgressHeader = {
    schemaVersion: 1,
    version: VERSION,
    run: { ...options },
    backend: backendRecord(backend),
    files: hashes,
    data,
  };
  const store = hooks.open?.(begin) ?? { records: new Map(), append: () => {} };

  const matmuls = graph.ops.filter(op => op.kind === 'static' || op.kind === 'dynamic').map(op => op.id);
  const jobs = jobsOf({
    images: samples.size,
    points: points.length,
    draws: options.draws,
    layers: options.layers ? matmuls : [],
    layerPoint,
  });
  if (jobs.some(job => !store.records.has(job.key))) {
    const { weightBits, inputBits, seed, snrImages } = options;
    const widths = { weightBits, inputBits };
    const seen = new SeenOperands();
    const calibration = await calibrateOn(network, calibrated.inputs, calibrator, widths, {
      pause: (done, total) => pause('calibrate', done, total),
      seen,
      backend,
    });
    const quantisation = { calibration, weightBits, inputBits };
    const settings = points.map(point => seen.settings(network.weights(graph), quantisation, point));
    const total = jobs.reduce((sum, job) => sum + job.to - job.from, 0);
    const evaluation = {
      source: network,
      samples,
      classes,
      snrImages,
      quantisation,
      analog: (point: number, draw: number) => ({
        backend,
        seed,
        draw,
        ...points[point],
        ...settings[point],
      }),
    };
    await evaluate(jobs, new Set(store.records.keys()), evaluation, {
      onRecord: record => {
        store.append(record);
        store.records.set(record.key, record);
      },
      pause: done => pause('accuracy', done, total),
    });
  }
  return {
    schemaVersion: 1,
    version: VERSION,
    run: { ...options },
    model: model.name,
    reuse: graph.reuse.pattern,
    tech: tech.tech.name,
    backend: backendRecord(backend),
    data: {
      name: set.name,
      size: all.size,
      classes,
      images: samples.size - samples.skipped.length,
      skipped: samples.skipped,
      sha256: samples.sha256,
    },
    sweep: sweep && { parameter: sweep.parameter, label: SWEEPS[sweep.parameter].label },
    ...collect(jobs, store.records, { values, layerPoint, graph, classes }),
    layerPoint,
    files: hashes,
    warnings: [...network.warnings, ...tech.warnings, ...layerWarnings(devices, graph), ...warnings],
  };
}

/** With every default, in the order in which a result shows them. @throws TrexError (usage) for what is wrong whatever the files hold. */
export function accuracyOptions(request: AccuracyRequest): AccuracyOptions {
  const all = { ...ACCURACY_DEFAULTS, ...request };
  const { model, config, modelName, heads, reuse, data, split, classes, vocabulary, normalization } = all;
  const { images, skipBad, calibration, calibrator, weightBits, inputBits, tech, set, device } = all;
  const { sweep, layers, snrImages, draws, seed } = all;
  wholeNumber('seed', seed);
  wholeNumber('images', images, 1);
  wholeNumber('calibration', calibration, 1);
  wholeNumber('snr-images', snrImages, 0, 16);
  wholeNumber('draws', draws, 1, 1000);
  checkBits(all);
  const network = { model, config, modelName, heads, reuse };
  const inputs = { data, split, classes, vocabulary, normalization, images, skipBad };
  const bits = { calibration, calibrator, weightBits, inputBits };
  return { ...network, ...inputs, ...bits, tech, set, device, sweep, layers, snrImages, draws, seed };
}

const networkOf = ({ model, config, modelName, heads, reuse }: AccuracyOptions) => ({
  model,
  reuse,
  config: config ?? undefined,
  modelName: modelName ?? undefined,
  heads: heads ?? undefined,
});

interface OpenedData {
  /** The inputs of the run, and all there are. */
  readonly set: DataSet;
  readonly all: DataSet;
  readonly warnings: readonly string[];
}

async function openSet(
  options: AccuracyOptions,
  network: NetworkFile,
  classes: number,
  { disk }: AccuracyHooks,
): Promise<OpenedData> {
  const offered = await offeredOptions(network, disk);
  const all = await openData(disk, options.data.replaceAll('\\', '/'), askedOptions(options), offered);
  const named = typeof all.classes === 'number' ? all.classes : all.classes?.length;
  if (named !== undefined && named > classes)
    throw usageError(
      `${options.data} has ${named} classes, but ${network.model.name} tells ${classes} apart`,
    );
  const warnings =
    typeof all.classes !== 'number' && named !== undefined && named < classes
      ? [
          `${options.data} has ${named} classes, ${network.model.name} ${classes}: class i is taken for output i`,
        ]
      : [];
  return { set: subset(all, Math.min(options.images, all.size), options.seed), all, warnings };
}

/** What was said about the data; the default part goes without saying. */
function askedOptions({ split, classes, vocabulary, normalization }: AccuracyOptions): DataOptions {
  return {
    ...(split !== ACCURACY_DEFAULTS.split && { split }),
    ...(classes !== null && { classes }),
    ...(vocabulary !== null && { vocabulary }),
    // The data's own check names what it knows.
    ...(normalization !== null && { normalization: normalization as NormalizationName }),
  };
}

/** What the network and the files beside it say. */
async function offeredOptions({ model, folder }: NetworkFile, disk: DataFiles): Promise<DataOptions> {
  if ('imageSize' in model) {
    const normalization = await normalizationBeside(disk, folder);
    const sizes = { size: model.imageSize, channels: model.inChannels };
    return { ...sizes, ...(normalization !== undefined && { normalization }) };
  }
  const vocabulary = `${folder}/vocab.txt`;
  return { maxTokens: model.maxTokens, ...((await isFile(disk, vocabulary)) && { vocabulary }) };
}

/** Inputs of the same set, drawn on their own: labels are not looked at. */
async function calibrationInputs(
  all: DataSet,
  { calibration, seed, skipBad }: AccuracyOptions,
  model: ModelConfig,
): Promise<{ inputs: ModelInput[]; samples: Samples }> {
  const some = subset(all, Math.min(calibration, all.size), `${seed}/calibration`);
  const samples = await readSamples(some, model, { skipBad });
  const inputs: ModelInput[] = [];
  for (let index = 0; index < samples.size; index++) {
    const sample = await samples.sample(index);
    if (sample !== undefined) inputs.push(sample.input);
  }
  return { inputs, samples };
}
