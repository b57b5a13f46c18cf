/** One accuracy run from its words to its result: network, data, calibration, jobs, figures. */

import { usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { checkBits } from '../cli/io/flags.ts';
import { plain, statOf } from '../cli/io/read-file.ts';
import type { DataFiles } from '../data/data-files.ts';
import type { DataSet } from '../data/data-set.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import { type DataOptions, openData } from '../data/open-data.ts';
import { subset } from '../data/subset.ts';
import { layerWarnings } from '../map/layer-warnings.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import type { AccuracyResult } from '../report/accuracy-table.ts';
import { loadTech } from '../run/node/load.ts';
import type { ModelConfig } from '../workload/model.ts';
import { calibrateOn, calibratorOf } from './calibration.ts';
import { collect } from './collect.ts';
import { type CrossbarDevices, crossbarDevices, type DeviceOptions } from './device.ts';
import { evaluate } from './evaluate.ts';
import { type JobRecord, jobsOf } from './jobs.ts';
import { type NetworkFile, openNetwork } from './network-file.ts';
import { refuseImpossible } from './possible.ts';
import { normalizationBeside } from './preprocessor.ts';
import type { Begin } from './progress-text.ts';
import { classesOf, readSamples, type Samples } from './samples.ts';
import { ownPoint, parseSweep, sweptOptions } from './sweep.ts';
import { SWEEPS } from './sweep-parameters.ts';

/** The words of an accuracy run; the same words on the same files give the same result. */
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

/** Where a run keeps the jobs that are done. */
export interface JobStore {
  readonly records: Map<string, JobRecord>;
  append(record: JobRecord): void;
}

export interface AccuracyHooks {
  /** Opens the store, once it is known what the run depends on. */
  readonly open: (begin: Begin) => JobStore;
  /** May throw; `what` is the part of the run. */
  readonly pause: (what: 'read' | 'calibrate' | 'accuracy', done: number, total: number) => Promise<void>;
}

/** @throws TrexError for words, files and networks that do not go together, before the first job. */
export async function runAccuracy(
  words: AccuracyOptions,
  backend: MvmBackend,
  { open, pause }: AccuracyHooks,
): Promise<AccuracyResult> {
  checkBits(words);
  const sweep = words.sweep === null ? null : parseSweep(words.sweep);
  const values: readonly (number | null)[] = sweep?.values ?? [null];
  const calibrator = calibratorOf(words.calibrator);
  const tech = loadTech(words.tech, { set: words.set });
  if (tech.devices === undefined)
    throw usageError(`--tech ${words.tech}: a technology of digital blocks has no crossbars`);
  const { devices } = tech;
  const network = await openNetwork(networkWords(words));
  const { model } = network;
  const classes = classesOf(model);
  const graph = network.graph();
  const points = values.map(
    (value): CrossbarDevices =>
      crossbarDevices(
        devices,
        sweep === null ? words.device : sweptOptions(words.device, sweep.parameter, value!),
        graph,
      ),
  );
  const layerPoint = sweep === null ? 0 : ownPoint(sweep, devices, words.device);
  for (const point of points) refuseImpossible(graph, point, words);

  const { set, all, warnings } = await openSet(words, network, classes);
  const samples = await readSamples(set, model, {
    skipBad: words.skipBad,
    pause: (done, total) => pause('read', done, total),
  });
  const calibrated = await calibrationInputs(all, words, model);
  const hashes = [...network.files, ...tech.files];
  const { name, info } = backend;
  const ran = { name, mode: info.mode, device: info.device };
  const data = [samples.sha256, calibrated.samples.sha256].join('+');
  const store = open({
    schemaVersion: 1,
    version: VERSION,
    run: { ...words },
    backend: ran,
    files: hashes,
    data,
  });

  const matmuls = graph.ops.filter(op => op.kind === 'static' || op.kind === 'dynamic').map(op => op.id);
  const jobs = jobsOf({
    images: samples.size,
    points: points.length,
    draws: words.draws,
    layers: words.layers ? matmuls : [],
    layerPoint,
  });
  if (jobs.some(job => !store.records.has(job.key))) {
    const { weightBits, inputBits, seed, snrImages } = words;
    const widths = { weightBits, inputBits };
    const seen = new SeenOperands();
    const tell = (done: number, total: number): Promise<void> => pause('calibrate', done, total);
    const calibration = await calibrateOn(
      network,
      calibrated.inputs,
      calibrator,
      widths,
      tell,
      seen,
      backend,
    );
    const quantisation = { calibration, weightBits, inputBits };
    const windows = points.map(point => seen.windows(network.weights(graph), quantisation, point));
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
        windows: windows[point],
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
    run: { ...words },
    model: model.name,
    reuse: graph.reuse.pattern,
    tech: tech.tech.name,
    backend: ran,
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

const files: DataFiles = {
  ...diskFiles,
  read: async (path, maxBytes) => plain(await diskFiles.read(path, maxBytes)),
};

const networkWords = ({ model, config, modelName, heads, reuse }: AccuracyOptions) => ({
  model,
  reuse,
  ...(config !== null && { config }),
  ...(modelName !== null && { modelName }),
  ...(heads !== null && { heads }),
});

interface OpenedData {
  /** The inputs of the run, and all there are. */
  readonly set: DataSet;
  readonly all: DataSet;
  readonly warnings: readonly string[];
}

async function openSet(words: AccuracyOptions, network: NetworkFile, classes: number): Promise<OpenedData> {
  const all = await openData(files, words.data.replaceAll('\\', '/'), dataOptions(words, network));
  const named = typeof all.classes === 'number' ? all.classes : all.classes?.length;
  if (named !== undefined && named > classes)
    throw usageError(`${words.data} has ${named} classes, but ${network.model.name} tells ${classes} apart`);
  const warnings =
    typeof all.classes !== 'number' && named !== undefined && named < classes
      ? [
          `${words.data} has ${named} classes, ${network.model.name} ${classes}: class i is taken for output i`,
        ]
      : [];
  return { set: subset(all, Math.min(words.images, all.size), words.seed), all, warnings };
}

function dataOptions(words: AccuracyOptions, { model, folder }: NetworkFile): DataOptions {
  const { split, classes, normalization } = words;
  const common = { split, ...(classes !== null && { classes }) };
  if ('imageSize' in model) {
    const chosen = normalization ?? normalizationBeside(folder);
    return {
      ...common,
      size: model.imageSize,
      channels: model.inChannels,
      // The data's own check names what it knows.
      ...(chosen !== undefined && { normalization: chosen as NonNullable<DataOptions['normalization']> }),
    };
  }
  const beside = `${folder}/vocab.txt`;
  const vocabulary = words.vocabulary ?? (statOf(beside)?.isFile() ? beside : undefined);
  return { ...common, maxTokens: model.maxTokens, ...(vocabulary !== undefined && { vocabulary }) };
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
