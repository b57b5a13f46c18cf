/** How far the products of one crossbar are off: a matrix that fills it, on several chips with inputs of their own. */
import { crossbarDevice, type DeviceOptions } from '../../accuracy/device.ts';
import { mvmTrials } from '../../accuracy/mvm-trials.ts';
import { mvmSpec } from '../../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { XbarError } from '../../report/xbar-row.ts';
import type { Device } from '../../tech/schema.ts';

const TOKENS = 64;
/** More outputs do not change the estimate of the error of one (assumed). */
const MOST_OUTPUTS = 32;

/** Operands of the functional core have at most so many bits. */
export const MOST_ERROR_BITS = 8;

/** How the error of a crossbar is measured; as in `XbarOptions`. */
export interface ErrorOptions {
  readonly trials: number;
  readonly seed: number;
  readonly adcRange: number;
  readonly weightBits: number;
  readonly inputBits: number;
}

/** What of a point its error depends on: plain data, so that a thread can take it. */
export interface ErrorPoint {
  readonly device: Device;
  readonly rows: number;
  readonly cols: number;
  readonly cellBits: number;
  readonly adcBits: number;
  /** Probability of an input bit to be 1. */
  readonly density: number;
  /** An adder tree adds without error. */
  readonly digital: boolean;
}

export async function xbarError(
  backend: MvmBackend,
  point: ErrorPoint,
  options: ErrorOptions,
): Promise<XbarError> {
  const { trials, seed, adcRange, weightBits, inputBits } = options;
  const { rows, cols, cellBits, adcBits, density, digital } = point;
  if (digital) return { trials, rmse: { mean: 0, interval95: 0 }, snr_dB: null, effectiveBits: null };
  const own: DeviceOptions = { adcBits, cellBits, arrayRows: rows, adcRange };
  const device = crossbarDevice(point.device, false, own);
  const outputs = Math.max(1, Math.min(MOST_OUTPUTS, Math.floor(cols / Math.ceil(weightBits / cellBits))));
  const input = { bits: inputBits, signed: false, scale: 1, low: 0, high: 0 };
  const spec = mvmSpec(device, rows, outputs, weightBits, input);
  const { noise } = device;
  const result = await mvmTrials(backend, { spec, noise, tokens: TOKENS, density, trials, seed });
  const { rmse, snr_dB, effectiveBits } = result;
  return { trials, rmse, snr_dB, effectiveBits };
}
