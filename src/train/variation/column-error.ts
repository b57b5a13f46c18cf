/** The error that the reads of a crossbar leave on a column's sum (ADC rounding and clipping, noise of a read), measured on the functional core. */

import { usageError } from '../../base/errors.ts';
import { type StreamKey, subKey } from '../../base/random.ts';
import { type CrossbarDevice, mvmSpec } from '../../numerics/execute/crossbar-device.ts';
import { adcAt, WindowFit } from '../../numerics/mvm/adc-window.ts';
import type { MvmBackend, MvmInput } from '../../numerics/mvm/backend.ts';
import { multiply } from '../../numerics/mvm/multiply.ts';
import { program } from '../../numerics/mvm/program.ts';
import { rowActivity } from '../../numerics/mvm/row-activity.ts';
import { type AdcSpec, type MvmSpec, planMvm } from '../../numerics/mvm/spec.ts';
import type { Quantizer } from '../../numerics/quantize/quantizer.ts';
import { type EffectKind, STAGES, type TermEffect } from '../../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../../tech/noise-model.ts';

/** Columns that share one draw of read noise in the measurement. */
const STRIP = 1;
/** The finer converter: its bits, and its range over a full column. */
const FINE_BITS = 14;
const ROOM = 1.3;

/** Errors of sums in integer units of the product, by column: mean, and standard deviation about these means over all of them. */
export interface ColumnError {
  readonly means: Float64Array;
  readonly sigma: number;
}

/** An integer matrix on crossbars with the integers that stream in, [token][row]. */
export interface MeasuredProduct {
  readonly rows: number;
  readonly cols: number;
  readonly weightBits: number;
  /** rows x cols, row-major. */
  readonly weights: Int16Array;
  readonly input: Quantizer;
  readonly codes: Int16Array;
}

/**
 * x W on one draw of cells, read as the device reads, against the same cells read by a converter of far finer steps: what is
 * left is the rounding and clipping of the ADC, its own faults, and the noise of single reads. The cells must be noisy: sums
 * that are whole numbers of steps would lose nothing. An ideal array that loses nothing gives zeros without a measurement.
 */
export async function columnError(
  { rows, cols, weightBits, weights, input, codes }: MeasuredProduct,
  device: CrossbarDevice,
  backend: MvmBackend,
  key: StreamKey,
): Promise<ColumnError> {
  const { noise } = device;
  const spec = mvmSpec({ ...device, strip: STRIP }, rows, cols, weightBits, input);
  const means = new Float64Array(cols);
  const { lossless, maxLevel } = planMvm(spec);
  const effects = noiseEffects(noise, maxLevel);
  if (lossless && effects.every(({ kind }) => STAGES[kind] === 'level')) return { means, sigma: 0 };
  const tokens = codes.length / rows;
  const x = inputOf(input, codes);
  const product = async (spec: MvmSpec, noise: NoiseModel): Promise<Int32Array | Float64Array> => {
    const driven = { ...spec, activity: rowActivity(spec, x) };
    const handle = await backend.load(program(weights, driven, noise, key));
    const y = await multiply(backend, { handle, x, tokens, key: subKey(key, 'reads') });
    handle.dispose();
    return y;
  };
  const errors = Float64Array.from(await product(spec, noise));
  const exact = await product({ ...spec, adc: fineAdc(spec) }, cellNoise(noise, effects));
  for (let i = 0; i < errors.length; i++) means[i % cols] += (errors[i] -= exact[i]) / tokens;
  let squares = 0;
  for (let i = 0; i < errors.length; i++) squares += (errors[i] - means[i % cols]) ** 2;
  // One degree of freedom of each column went into its mean.
  return { means, sigma: tokens > 1 ? Math.sqrt(squares / (cols * (tokens - 1))) : 0 };
}

/** The device with its ADCs set to the sums of these products, if they can be set. */
export function fittedDevice(device: CrossbarDevice, products: readonly MeasuredProduct[]): CrossbarDevice {
  if (device.window !== 'layer') return device;
  let fit: WindowFit | undefined;
  for (const { rows, cols, weightBits, weights, input, codes } of products) {
    fit = new WindowFit(mvmSpec(device, rows, cols, weightBits, input), fit);
    fit.add(weights, inputOf(input, codes));
  }
  const window = fit?.window();
  return window === undefined ? device : { ...device, adc: adcAt(device.adc.bits, window) };
}

const inputOf = ({ signed }: Quantizer, codes: Int16Array): MvmInput =>
  signed ? Int8Array.from(codes) : Uint8Array.from(codes);

/** The finest steps whose codes hold a full column, with room for cells above their level. */
function fineAdc({ arrayRows, cellBits }: MvmSpec): AdcSpec {
  const fullScale = arrayRows * (2 ** cellBits - 1);
  const steps = Math.max(1, Math.floor(2 ** FINE_BITS / (ROOM * fullScale)));
  return { bits: FINE_BITS, levelsPerLsb: { levels: 1, steps } };
}

const isOfReads = (kind: EffectKind): boolean => STAGES[kind] === 'read' || STAGES[kind] === 'converter';

/** What stays in the cells from read to read. */
function cellNoise(noise: NoiseModel, effects: readonly TermEffect[]): NoiseModel {
  const termsOf = (read: boolean): Set<string> =>
    new Set(effects.filter(({ kind }) => isOfReads(kind) === read).map(({ term }) => term));
  const [dropped, kept] = [termsOf(true), termsOf(false)];
  for (const term of dropped)
    if (kept.has(term))
      throw usageError(`training does not model a noise term of cells and reads at once: ${term}`);
  return Object.fromEntries(Object.entries(noise).filter(([term]) => !dropped.has(term)));
}

/** Several products as one population without columns of its own, as the heads and samples of a dynamic op are. */
export function pooledError(all: readonly ColumnError[]): { mean: number; sigma: number } {
  let [sum, squares, count] = [0, 0, 0];
  for (const { means, sigma } of all)
    for (const mean of means) {
      sum += mean;
      squares += mean ** 2 + sigma ** 2;
      count++;
    }
  const mean = sum / count;
  return { mean, sigma: Math.sqrt(Math.max(0, squares / count - mean ** 2)) };
}
