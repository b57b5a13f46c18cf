/** One matrix on the crossbars of a technology, and how far its products are off. */
import type { Files } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { DataFiles } from '../data/data-files.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { type MvmSpec, planMvm } from '../numerics/mvm/spec.ts';
import { quantizeWeights } from '../numerics/quantize/weights.ts';
import { loadTechFrom } from '../run/load.ts';
import type { NoiseModel } from '../tech/noise-model.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import { assumedText } from './assumed.ts';
import { backendRecord, checkBits, checkCrossbar } from './check-crossbars.ts';
import { CROSSBAR_DEFAULTS, OPERAND_BITS } from './defaults.ts';
import { type CrossbarDevices, crossbarDevice, crossbarsOf, type DeviceOptions } from './device.ts';
import { checkIdleOptions } from './idle-options.ts';
import { readArray } from './infer.ts';
import { type MvmTrialOptions, type MvmTrials, mvmTrials } from './mvm-trials.ts';
import { trialOptions } from './product-error.ts';

/** A matrix beyond this is a network, not a microbenchmark. */
const MAX_SIDE = 65536;
const MAX_INPUTS = 2 ** 28;

/** A matrix, the crossbars that hold it, and how often it is tried. */
export interface MvmOptions {
  readonly tech: string;
  readonly set: readonly string[];
  readonly device: DeviceOptions;
  /** Of a drawn matrix: inputs and outputs. */
  readonly rows?: number | undefined;
  readonly cols?: number | undefined;
  /** Path of a .npy [rows, cols] instead: integers, or floats that are quantised. */
  readonly weights?: string | undefined;
  /** Input vectors of a trial. */
  readonly tokens: number;
  readonly weightBits: number;
  readonly inputBits: number;
  /** Inputs in two's complement. */
  readonly signed: boolean;
  /** The matrix is written at run time, as K^T and V: with write variation. */
  readonly written: boolean;
  /** Share of input bits that are 1. */
  readonly density: number;
  /** Chips, with inputs of their own. */
  readonly trials: number;
  readonly seed: number;
}

/** What a matrix product may leave out. */
export const MVM_DEFAULTS = {
  ...CROSSBAR_DEFAULTS,
  tokens: 64,
  ...OPERAND_BITS,
  signed: false,
  written: false,
  density: 0.5,
  trials: 5,
  seed: 1,
} as const satisfies Omit<MvmOptions, 'rows' | 'cols' | 'weights'>;

/** Rows and columns, or weights, have no default. */
export type MvmRequest = Partial<MvmOptions>;

/** What the host brings for a matrix product. */
export interface MvmHooks {
  readonly files: Files;
  /** Where the weights are read; only for those. */
  readonly disk?: DataFiles | undefined;
  /** Opens the back end, once the options are known to be possible; it is disposed of at the end. */
  readonly backend: () => Promise<MvmBackend>;
  /** Before each trial; may throw. */
  readonly pause?: MvmTrialOptions['pause'];
}

/** The errors of the products, with what they depend on. */
export interface MvmResult extends MvmTrials {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly tech: string;
  readonly spec: MvmSpec;
  readonly noise: NoiseModel;
  /** In words: encoding, range of the ADCs, activity. */
  readonly assumed: string;
  readonly tokens: number;
  readonly density: number;
  readonly seed: number;
  readonly backend: ReturnType<typeof backendRecord>;
}

/**
 * Multiplies with one matrix on the crossbars of a technology, `trials` chips long: the error of its products.
 * @example
 * const matrix = { rows: 384, cols: 384, tech: 'fefet-32nm', device: { adcBits: 7 } };
 * const { snr_dB } = await mvm(matrix, { files: nodeFiles, backend: () => wasmBackend() });
 * @throws TrexError: options that do not make a matrix on crossbars (2), a missing (4) or invalid file (3).
 */
export async function mvm(request: MvmRequest, hooks: MvmHooks): Promise<MvmResult> {
  const options: MvmOptions = { ...MVM_DEFAULTS, ...request };
  const { setting, assumed } = await settingOf(options, hooks);
  const { noise, spec, tokens, density } = setting;
  const backend = await hooks.backend();
  try {
    const result = await mvmTrials(backend, setting);
    return {
      schemaVersion: 1,
      version: VERSION,
      tech: options.tech,
      spec,
      noise,
      assumed,
      tokens,
      density,
      seed: options.seed,
      backend: backendRecord(backend),
      ...result,
    };
  } finally {
    await backend.dispose();
  }
}

async function settingOf(
  options: MvmOptions,
  { files, disk, pause }: MvmHooks,
): Promise<{ setting: MvmTrialOptions; assumed: string }> {
  const { tech, density, seed, written, inputBits, weightBits } = options;
  checkBits(options);
  if (!(density >= 0 && density <= 1))
    throw usageError(`--density ${density}: expected a number from 0 to 1`);
  wholeNumber('seed', seed);
  const devices = crossbarsOf(loadTechFrom(files, tech, { set: options.set }), tech);
  const own = written ? devices.dynamic : devices.static;
  const device = crossbarDevice(own, written, checkedDevice(options.device));
  const made = (others: DeviceOptions): CrossbarDevices[] => {
    const one = crossbarDevice(own, written, others);
    return [{ static: one, dynamic: one }];
  };
  checkIdleOptions(options.device, made, `a ${written ? 'written' : 'static'} matrix of ${tech}`);
  const matrix = await matrixOf(options, disk);
  const tokens = wholeNumber('tokens', options.tokens, 1);
  if (tokens * matrix.rows > MAX_INPUTS)
    throw usageError(
      `--tokens ${tokens}: at most ${Math.floor(MAX_INPUTS / matrix.rows)} inputs of ${matrix.rows} rows`,
    );
  const trials = wholeNumber('trials', options.trials, 1, 10000);
  const { rows, cols, values: weights } = matrix;
  const { signed } = options;
  const product = { rows, cols, weights, weightBits, inputBits, signed, tokens, density, trials, seed };
  const setting = trialOptions(device, pause === undefined ? product : { ...product, pause });
  planMvm(setting.spec);
  checkCrossbar(device, options);
  return { setting, assumed: assumedText(device, density) };
}

/** @throws TrexError (usage) for a value out of range. */
function checkedDevice(options: DeviceOptions): DeviceOptions {
  const { adcBits, cellBits, arrayRows, arrayCols, sigmaRead, sigmaWrite } = options;
  for (const [flag, sigma] of [
    ['sigma-read', sigmaRead],
    ['sigma-write', sigmaWrite],
  ] as const)
    if (sigma !== undefined && !(sigma >= 0))
      throw usageError(`--${flag} ${sigma}: expected a number of at least 0`);
  if (adcBits !== undefined) wholeNumber('adc', adcBits, 1, 14);
  if (cellBits !== undefined) wholeNumber('cell-bits', cellBits, 1, 8);
  if (arrayRows !== undefined) wholeNumber('array-rows', arrayRows, 1, 4096);
  if (arrayCols !== undefined) wholeNumber('array-cols', arrayCols, 1, 4096);
  return options;
}

interface IntegerMatrix {
  readonly rows: number;
  readonly cols: number;
  /** Undefined for one that is drawn. */
  readonly values?: Int16Array;
}

async function matrixOf(
  { rows, cols, weights, weightBits }: MvmOptions,
  disk: DataFiles | undefined,
): Promise<IntegerMatrix> {
  if (weights === undefined) {
    if (rows === undefined || cols === undefined)
      throw usageError('mvm needs --rows and --cols, or --weights w.npy');
    return { rows: wholeNumber('rows', rows, 1, MAX_SIDE), cols: wholeNumber('cols', cols, 1, MAX_SIDE) };
  }
  if (rows !== undefined || cols !== undefined) throw usageError('--weights brings its own rows and columns');
  if (disk === undefined) throw usageError(`--weights ${weights}: there is no disk to read from`);
  const { shape, data, dtype } = (await readArray(disk, weights)).array;
  if (shape.length !== 2 || data.length === 0)
    throw invalidFile(`${weights}: shape ${shapeText(shape)}; expected a matrix [rows, cols], inputs first`);
  const bad = data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) throw invalidFile(`${weights}: element ${bad} is ${data[bad]}`);
  const size = { rows: shape[0], cols: shape[1] };
  if (dtype.startsWith('f'))
    return {
      ...size,
      values: quantizeWeights(Float32Array.from(data), shape[0], shape[1], weightBits, false).values,
    };
  const high = 2 ** (weightBits - 1) - 1;
  const wide = data.findIndex((value: number) => Math.abs(value) > high);
  if (wide >= 0)
    throw invalidFile(
      `${weights}: element ${wide} is ${data[wide]}; ${weightBits} bits hold -${high} to ${high}`,
    );
  return { ...size, values: Int16Array.from(data) };
}
