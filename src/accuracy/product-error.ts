/** The error of one matrix product on crossbars, as every command measures it: `mvm`, `xbar` and `compare` differ in the matrix alone. */
import { type CrossbarDevice, mvmSpec } from '../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { type MvmTrialOptions, type MvmTrials, mvmTrials } from './mvm-trials.ts';

/** A matrix that is drawn, or given, and how often it is tried. */
export interface Product
  extends Pick<MvmTrialOptions, 'weights' | 'tokens' | 'density' | 'trials' | 'seed' | 'pause'> {
  readonly rows: number;
  readonly cols: number;
  readonly weightBits: number;
  readonly inputBits: number;
  /** Inputs in two's complement; default false. */
  readonly signed?: boolean;
}

/** The trials of a product on a device. */
export function trialOptions(
  device: CrossbarDevice,
  { rows, cols, weightBits, inputBits, signed = false, ...trials }: Product,
): MvmTrialOptions {
  const input = { bits: inputBits, signed, scale: 1, low: 0, high: 0 };
  const spec = mvmSpec(device, rows, cols, weightBits, input);
  return { ...trials, spec, noise: device.noise, window: device.window, drift: device.drift };
}

/** The same device, product and seed: the same number. @throws TrexError (2) for a product that cannot be. */
export const productError = (
  backend: MvmBackend,
  device: CrossbarDevice,
  product: Product,
): Promise<MvmTrials> => mvmTrials(backend, trialOptions(device, product));
