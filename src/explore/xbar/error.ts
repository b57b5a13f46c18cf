/** How far the products of one crossbar are off: a matrix that fills it, on several chips with inputs of their own. */
import { assumedText } from '../../accuracy/assumed.ts';
import { type AdcRange, crossbarDevice, type DeviceOptions } from '../../accuracy/device.ts';
import { MVM_DEFAULTS } from '../../accuracy/mvm.ts';
import { productError } from '../../accuracy/product-error.ts';
import { weightsPerRow } from '../../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { XbarError } from '../../report/xbar-row.ts';
import type { Device } from '../../tech/schema.ts';

/** Operands of the functional core have at most so many bits. */
export const MOST_ERROR_BITS = 8;

/** How the error of a crossbar is measured; as in `XbarOptions`. */
export interface ErrorOptions {
  readonly trials: number;
  readonly seed: number;
  readonly adcRange: AdcRange;
}

/** What of a point its error depends on: plain data, so that a thread can take it. */
export interface ErrorPoint {
  /** Its encoding, supply and temperature among the rest. */
  readonly device: Device;
  readonly rows: number;
  readonly cols: number;
  readonly cellBits: number;
  readonly adcBits: number;
  readonly weightBits: number;
  readonly inputBits: number;
  /** Probability of an input bit to be 1. */
  readonly density: number;
  /** An adder tree adds without error. */
  readonly digital: boolean;
}

/** The crossbars of a point, as the other commands have them. */
function pointDevice({ device, rows, cols, cellBits, adcBits }: ErrorPoint, adcRange: AdcRange) {
  const own: DeviceOptions = { adcBits, cellBits, arrayRows: rows, arrayCols: cols, adcRange };
  return crossbarDevice(device, false, own);
}

/** As `mvm` of a matrix that fills the arrays, with the same seed: the same number. */
export async function xbarError(
  backend: MvmBackend,
  point: ErrorPoint,
  options: ErrorOptions,
): Promise<XbarError> {
  const { adcRange, ...product } = options;
  const { trials } = options;
  const { density, digital, weightBits, inputBits } = point;
  if (digital) {
    const rmse = { mean: 0, interval95: 0 };
    return { trials, rmse, snr_dB: null, effectiveBits: null, assumed: 'an adder tree, exact' };
  }
  const device = pointDevice(point, adcRange);
  const cols = weightsPerRow(device, weightBits)!;
  const { tokens } = MVM_DEFAULTS;
  const matrix = { rows: device.lineRows ?? device.arrayRows, cols, weightBits, inputBits, tokens, density };
  const result = await productError(backend, device, { ...product, ...matrix });
  const { rmse, snr_dB, effectiveBits } = result;
  return { trials, rmse, snr_dB, effectiveBits, assumed: assumedText(device, density) };
}
