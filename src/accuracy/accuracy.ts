/** Accuracy of a trained network on noisy crossbars, from options to figures: network, data, calibration, jobs. */

import type { LoadedArch } from '../arch/load.ts';
import type { FileHash, Files } from '../arch/source-files.ts';
import { finishedWith } from '../base/turn.ts';
import { VERSION } from '../base/version.ts';
import { onCrossbars } from '../map/grouped-unit.ts';
import { layerWarnings } from '../map/layer-warnings.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { LayerSettings } from '../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import type { AccuracyResult } from '../report/accuracy-result.ts';
import { type LoadedModel, loadTechFrom } from '../run/load.ts';
import { recorded, withTexts } from '../run/stored-files.ts';
import type { Devices } from '../tech/devices.ts';
import type { Graph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';
import type { Op } from '../workload/op.ts';
import { calibrationInputs, openAccuracyData } from './accuracy-data.ts';
import {
  type AccuracyOptions,
  type AccuracyRequest,
  accuracyOptions,
  networkOf,
} from './accuracy-options.ts';
import { assumedOf } from './assumed.ts';
import { calibrateOn, calibratorOf } from './calibration.ts';
import { backendRecord, checkCrossbars } from './check-crossbars.ts';
import { collect } from './collect.ts';
import { type CrossbarDevices, crossbarDevices, crossbarsOf, type DeviceOptions } from './device.ts';
import { evaluate } from './evaluate.ts';
import { idleOptions } from './idle-options.ts';
import { type JobRecord, jobsOf } from './jobs.ts';
import { type NetworkFiles, openNetwork } from './network-file.ts';
import type { ProgressHeader } from './progress-header.ts';
import { classesOf, readSamples } from './samples.ts';
import { nominalPoint, parseSweep, sweptOptions } from './sweep.ts';
import { SWEEPS } from './sweep-parameters.ts';

/** Where a run keeps the jobs that are done. */
export interface JobStore {
  readonly records: Map<string, JobRecord>;
  /** Adds the record of a job that has just ended. */
  append(record: JobRecord): void;
}

/** A chip with its network as a run has loaded them. */
export interface AccuracyChip {
  readonly arch: LoadedArch;
  readonly network: LoadedModel;
}

export interface AccuracyHooks extends NetworkFiles {
  readonly backend: MvmBackend;
  /**
   * The weights are those of its network, on its crossbars; layers that its vector unit multiplies are exact. The options' `modelName`,
   * `tech` and `set` then only say, in the result, what it was loaded from.
   */
  readonly chip?: AccuracyChip | undefined;
  /** Opens the store, once it is known what the run depends on. */
  readonly open?: (begin: ProgressHeader) => JobStore | undefined | Promise<JobStore | undefined>;
  /** What is done to the inputs, in a line, before the first is read. */
  readonly onInputs?: ((text: string) => void) | undefined;
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
  const { backend } = hooks;
  const files = recorded(hooks.files);
  const pause: NonNullable<AccuracyHooks['pause']> = async (what, done, total) =>
    await hooks.pause?.(what, done, total);
  const sweep = options.sweep === null ? null : parseSweep(options.sweep);
  const values: readonly (number | null)[] = sweep?.values ?? [null];
  const calibrator = calibratorOf(options.calibrator);
  const tech = crossbarsFor(options, files, hooks.chip);
  const { devices } = tech;
  const network = await openNetwork(networkOf(options), { files, disk: hooks.disk }, hooks.chip?.network);
  const { model } = network;
  const classes = classesOf(model);
  const graph = network.graph();
  const made = (device: DeviceOptions): CrossbarDevices[] =>
    values.map(value =>
      crossbarDevices(
        devices,
        sweep === null ? device : sweptOptions(device, sweep.parameter, value!),
        graph,
      ),
    );
  const points = made(options.device);
  const idle = idleOptions(options.device, made, options.tech);
  const layerPoint = sweep === null ? 0 : nominalPoint(sweep, devices, options.device);
  for (const point of points) checkCrossbars(graph, point, options);

  const { set, all, inputs, warnings } = await openAccuracyData(options, network, classes, hooks.disk);
  hooks.onInputs?.(inputs);
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
  const store = (await hooks.open?.(begin)) ?? { records: new Map(), append: () => {} };

  const layersOf = exactLayers(graph, hooks.chip);
  const matmuls = graph.ops.filter(op => isMatmul(op) && layersOf[op.id] === undefined).map(op => op.id);
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
    const settings: LayerSettings[] = [];
    for (const point of points) {
      const steps = seen.findSettings(network.weights(graph), quantisation, point);
      settings.push(await finishedWith(steps, () => pause('calibrate', settings.length, points.length)));
    }
    const total = jobs.reduce((sum, job) => sum + job.to - job.from, 0);
    const evaluation = {
      source: network,
      samples,
      classes,
      snrImages,
      quantisation,
      layers: layersOf,
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
    tech: tech.name,
    assumed: assumedOf(points[layerPoint]),
    backend: backendRecord(backend),
    data: {
      name: set.name,
      inputs,
      size: all.size,
      classes,
      images: samples.size - samples.skipped.length,
      skipped: samples.skipped,
      sha256: samples.sha256,
    },
    sweep: sweep && { parameter: sweep.parameter, label: SWEEPS[sweep.parameter].label },
    ...collect(jobs, store.records, { values, layerPoint, graph, classes }),
    layerPoint,
    files: withTexts(hashes, files),
    warnings: [...network.warnings, ...tech.warnings, ...layerWarnings(devices, graph), ...idle, ...warnings],
  };
}

/** Crossbars, and where they are from. */
interface Crossbars {
  readonly devices: Devices;
  readonly name: string;
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

function crossbarsFor(options: AccuracyOptions, files: Files, chip: AccuracyChip | undefined): Crossbars {
  if (chip !== undefined) {
    const { arch, files: read } = chip.arch;
    // What its files say against it, the run of the chip says.
    return { devices: arch.devices, name: arch.techName, files: read, warnings: [] };
  }
  const loaded = loadTechFrom(files, options.tech, { set: options.set });
  const { files: read, warnings } = loaded;
  return { devices: crossbarsOf(loaded, options.tech), name: loaded.tech.name, files: read, warnings };
}

/** Matmuls that the chip has on its vector unit, by op id. */
function exactLayers(graph: Graph, chip: AccuracyChip | undefined): Record<string, 'int8'> {
  if (chip === undefined) return {};
  const isOnCrossbars = onCrossbars(chip.arch.arch);
  const exact = graph.ops.flatMap(op => (isMatmul(op) && !isOnCrossbars(op as Op) ? [op.id] : []));
  return Object.fromEntries(exact.map(id => [id, 'int8' as const]));
}
