/** What a functional run takes where a command does not let its user choose, and what commands on crossbars may leave out. */
import type { DeviceOptions } from './device.ts';

/** Inputs that calibrate the ranges of activations; their labels are not looked at (number assumed). */
export const CALIBRATION_INPUTS = 16;

/** Bits of a weight and of an input on crossbars: the 8 of TReX (arXiv 2408.12742, section 4). */
export const OPERAND_BITS = { weightBits: 8, inputBits: 8 } as const;

/** Which crossbars: encoding as the technology says, references of the ADCs set to each layer. */
export const CROSSBAR_DEFAULTS = {
  tech: 'fefet-32nm',
  set: [],
  device: { adcRange: 'layer' },
} as const satisfies { tech: string; set: readonly string[]; device: DeviceOptions };

/** Of a network on crossbars: how it is quantised, on which crossbars, with which random numbers. */
export interface CrossbarRunOptions {
  readonly calibrator: string;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly tech: string;
  readonly set: readonly string[];
  readonly device: DeviceOptions;
  readonly seed: number;
}

/** What `CrossbarRunOptions` are where a call leaves them out. */
export const CROSSBAR_RUN_DEFAULTS = {
  calibrator: 'percentile',
  ...OPERAND_BITS,
  ...CROSSBAR_DEFAULTS,
  seed: 1,
} as const satisfies CrossbarRunOptions;
