/** Inference: arrays in, logits out, in float32, in integers or on the crossbars of a technology. */

import { usageError } from '../base/errors.ts';
import { finishedWith } from '../base/turn.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { DataFiles } from '../data/data-files.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { Matrix } from '../numerics/execute/matrix.ts';
import type { NetworkOptions } from '../numerics/execute/prepare.ts';
import type { Compute } from '../numerics/execute/unit.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { loadTechFrom } from '../run/load.ts';
import { parseNpy } from '../workload/import/npy.ts';
import { invalidFile } from '../workload/import/tensor.ts';
import { outputText } from '../workload/output.ts';
import { assumedOf } from './assumed.ts';
import { type CacheOptions, cacheQuantisation, checkCache } from './cache-options.ts';
import { calibrateOn, calibratorOf } from './calibration.ts';
import { checkBits, checkCrossbars } from './check-crossbars.ts';
import { CALIBRATION_INPUTS, CROSSBAR_RUN_DEFAULTS, type CrossbarRunOptions } from './defaults.ts';
import { crossbarDevices, crossbarsOf } from './device.ts';
import { checkIdleOptions } from './idle-options.ts';
import { type FileArray, inputsOf, type TextArrays } from './input-array.ts';
import { textInput } from './masked-text.ts';
import { type NetworkFile, type NetworkFileOptions, type NetworkFiles, openNetwork } from './network-file.ts';
import { Runner } from './runner.ts';
import { readTokenRows } from './token-rows.ts';

/** How matrix products are computed, by the names of the command line. */
export const PRECISIONS = { float: 'float32', int8: 'int8', analog: 'analog' } as const satisfies Record<
  string,
  Compute
>;

/** A network, its inputs, and how its products are computed. */
export interface InferOptions extends NetworkFileOptions, CrossbarRunOptions, CacheOptions {
  /** Path of a .npy: images [N, C, H, W] or [C, H, W], or token ids [N, T]; of a decoder also a .json of ids, or a text of bytes. */
  readonly input: string;
  /** Paths of [N, T]: 1 for a token; segments. */
  readonly mask?: string | undefined;
  readonly types?: string | undefined;
  /** Path of other inputs that calibrate; default: the first of the inputs. */
  readonly calibrate?: string | undefined;
  readonly precision: keyof typeof PRECISIONS;
  /** Which chip of many, in an analog run. */
  readonly draw: number;
}

/** What an inference may leave out. */
export const INFER_DEFAULTS = {
  reuse: 'none',
  precision: 'float',
  ...CROSSBAR_RUN_DEFAULTS,
  draw: 0,
} as const satisfies Partial<InferOptions>;

/** Only the network and its inputs have no default. */
export type InferRequest = Pick<InferOptions, 'model' | 'input'> & Partial<InferOptions>;

export interface InferHooks extends NetworkFiles {
  /** Of analog runs, which need one; the caller disposes of it. */
  readonly backend?: MvmBackend | undefined;
  /** May throw; called with `infer` before each input, with `calibrate` before each one that calibrates. */
  readonly pause?: (what: 'calibrate' | 'infer', done: number, total: number) => Promise<void>;
}

/** The outputs of all inputs. */
export interface InferResult {
  /** Row-major. */
  readonly logits: Float32Array;
  /** [N, classes]; of a head on every token [N, tokens, classes], of a network without a head [N, tokens, width]. */
  readonly shape: readonly number[];
  /** In words: `logits`, `logits of each token`, `pooled features`, `the last hidden states` ... */
  readonly output: string;
  /** In words, of an analog run: encoding, range of the ADCs, activity; else null. */
  readonly assumed: string | null;
  readonly warnings: readonly string[];
}

/**
 * Runs arrays through a network: logits out.
 * @example
 * const files = { model: 'deit-s.safetensors', modelName: 'deit-s', input: 'x.npy' };
 * const hooks = { files: nodeFiles, disk: diskFiles, backend: await wasmBackend() };
 * const { logits, shape } = await infer({ ...files, precision: 'analog' }, hooks);
 * @throws TrexError: bad options (2), a missing file (4), a network or an array that does not fit (3).
 */
export async function infer(request: InferRequest, hooks: InferHooks): Promise<InferResult> {
  const options: InferOptions = { ...INFER_DEFAULTS, ...request };
  checkInferOptions(options);
  const network = await openNetwork(options, hooks);
  const { model } = network;
  const read = (path: string): Promise<FileArray> => readArray(hooks.disk, path);
  const inputsAt = async (path: string, texts?: TextArrays): Promise<ModelInput[]> => {
    if (model.family !== 'decoder' || /\.npy$/i.test(path)) return inputsOf(model, await read(path), texts);
    const rows = await readTokenRows({ disk: hooks.disk, path, folder: network.folder }, model);
    return rows.map((words, i) => textInput({ name: `${path}#${i}`, words }, model));
  };
  const more = async (path: string | undefined) => (path === undefined ? undefined : await read(path));
  const texts = { mask: await more(options.mask), types: await more(options.types) };
  const inputs = await inputsAt(options.input, texts);
  const { calibrate } = options;
  const calibration = calibrate === undefined ? inputs : await inputsAt(calibrate);
  const letGo = network.keepMatrices();
  const some = calibration.slice(0, CALIBRATION_INPUTS);
  const how = await networkOptions(options, network, some, hooks);
  const runner = new Runner(network, how);
  runner.network(inputs[0]);
  letGo();
  const all = await runAll(runner, inputs, hooks);
  const [{ rows, columns }] = all;
  if (all.some(one => one.rows !== rows))
    throw invalidFile(
      `${options.input}: ${model.name} gives an output per token, and the texts have different lengths`,
    );
  const logits = new Float32Array(inputs.length * rows * columns);
  for (const [i, { data }] of all.entries()) logits.set(data, i * rows * columns);
  const shape = rows === 1 ? [inputs.length, columns] : [inputs.length, rows, columns];
  const assumed = how.analog === undefined ? null : assumedOf(how.analog);
  return { logits, shape, output: outputText(model), assumed, warnings: network.warnings };
}

/** Refuses what is wrong whatever the files hold. @throws TrexError (usage) */
export function checkInferOptions(
  options: Pick<InferOptions, 'weightBits' | 'inputBits' | 'seed' | 'draw'>,
): void {
  checkBits(options);
  wholeNumber('seed', options.seed);
  wholeNumber('draw', options.draw, 0);
}

/** A NumPy array from a file. @throws TrexError (invalid file) */
export const readArray = async (disk: DataFiles, path: string): Promise<FileArray> => ({
  path,
  array: parseNpy(await disk.read(path, MAX_ARRAY_BYTES), path),
});

const MAX_ARRAY_BYTES = 2 ** 31 - 1;

/** How the products of a run are computed, calibrated on `inputs`. @throws TrexError as `infer`. */
export async function networkOptions(
  options: InferOptions,
  network: NetworkFile,
  inputs: readonly ModelInput[],
  { files, backend, pause }: InferHooks,
): Promise<NetworkOptions> {
  const compute = PRECISIONS[options.precision];
  const cache = cacheQuantisation(options);
  checkCache(network.model, cache);
  if (compute === 'float32') {
    if (cache !== undefined) throw usageError('a cache of float32 has no bits: precision int8 or analog');
    return { compute };
  }
  const { weightBits, inputBits, seed, draw, tech } = options;
  const widths = { weightBits, inputBits, cache };
  const calibrator = calibratorOf(options.calibrator);
  const onCalibrate = async (done: number, total: number) => await pause?.('calibrate', done, total);
  const quantised = async (seen?: SeenOperands) => ({
    calibration: await calibrateOn(network, inputs, calibrator, widths, {
      pause: onCalibrate,
      seen,
      backend,
    }),
    ...widths,
  });
  if (compute === 'int8') return { compute, quantisation: await quantised() };
  if (backend === undefined) throw usageError('an analog run needs a back end');
  const devices = crossbarsOf(loadTechFrom(files, tech, { set: options.set }), tech);
  const graph = network.graph();
  const crossbars = crossbarDevices(devices, options.device, graph);
  checkIdleOptions(options.device, others => [crossbarDevices(devices, others, graph)], tech);
  checkCrossbars(graph, crossbars, widths);
  const seen = new SeenOperands();
  const quantisation = await quantised(seen);
  const steps = seen.findSettings(network.weights(graph), quantisation, crossbars);
  const settings = await finishedWith(steps, () => onCalibrate(inputs.length, inputs.length));
  return { compute, quantisation, analog: { backend, seed, draw, ...crossbars, ...settings } };
}

async function runAll(
  runner: Runner,
  inputs: readonly ModelInput[],
  { pause }: InferHooks,
): Promise<Matrix[]> {
  const logits: Matrix[] = [];
  try {
    for (const [image, input] of inputs.entries()) {
      await pause?.('infer', image, inputs.length);
      logits.push((await runner.run(input, { image })).logits);
    }
  } finally {
    runner.dispose();
  }
  return logits;
}
