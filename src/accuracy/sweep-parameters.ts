/** What can be swept: parameters of arrays, converters and noise, by their names on the command line. */
import { NOISE_SWEEPS, type NoiseSweep } from '../tech/noise-model.ts';
import type { Device } from '../tech/schema.ts';
import type { DeviceOptions } from './device.ts';

/** A parameter that can be swept. */
export interface SweepParameter {
  readonly option: keyof DeviceOptions;
  /** For axes and tables. */
  readonly label: string;
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
  /** The technology's own value; undefined where it has none. */
  own(device: Device, options: DeviceOptions): number | undefined;
}

const ARRAY_SWEEPS = {
  adc: {
    option: 'adcBits',
    label: 'ADC resolution (bit)',
    integer: true,
    min: 1,
    max: 14,
    own: device => device.adc.bits,
  },
  adcRange: {
    option: 'adcRange',
    label: 'ADC full scale / full column',
    integer: false,
    min: 0.01,
    max: 1,
    own: (_, { adcRange = 'layer' }) => (adcRange === 'layer' ? undefined : adcRange),
  },
  cellBits: {
    option: 'cellBits',
    label: 'Bits per cell',
    integer: true,
    min: 1,
    max: 8,
    own: device => device.cell.bits,
  },
  rows: {
    option: 'arrayRows',
    label: 'Rows per array',
    integer: true,
    min: 1,
    max: 4096,
    own: device => device.crossbar.rows,
  },
} as const satisfies Record<string, SweepParameter>;

/** A parameter that can be swept: of arrays and converters, or a number of a noise term. */
export type SweepName = keyof typeof ARRAY_SWEEPS | NoiseSweep;

/** Those of arrays and converters, then the numbers of the noise terms. */
export const SWEEPS = Object.fromEntries<SweepParameter>([
  ...Object.entries(ARRAY_SWEEPS),
  ...Object.entries(NOISE_SWEEPS).map(([name, number]): [string, SweepParameter] => [
    name,
    { ...number, integer: false },
  ]),
]) as Readonly<Record<SweepName, SweepParameter>>;
