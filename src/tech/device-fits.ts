/** Spread of programmed conductance against its mean, measured on arrays of devices (the fits as CrossSim lists them). */
import { unknownName } from '../base/errors.ts';

/** As technology files call them. */
export const DEVICE_FIT_NAMES = ['pcm-joshi', 'rram-milo', 'rram-wan'] as const;
type DeviceFitName = (typeof DEVICE_FIT_NAMES)[number];

/** A fitted device. Conductances in microsiemens, as the fits were published: they are not scaled to other cells. */
export interface DeviceFit {
  readonly source: string;
  /** The measured device, as `measuredOn` of a technology file names it. */
  readonly device: string;
  /** The kind of its cells. */
  readonly cell: 'pcm' | 'rram';
  /** The spread is what program-and-verify leaves. */
  readonly verified: boolean;
  /** Where the fit holds; the upper end is the highest conductance of the device. */
  readonly range_uS: readonly [number, number];
  readonly sigma_uS: (g_uS: number) => number;
}

export const DEVICE_FITS: Readonly<Record<DeviceFitName, DeviceFit>> = {
  'pcm-joshi': {
    source: 'Joshi et al., Nature Communications 11, 2473 (2020); quadratic fit as in CrossSim',
    device: 'PCM of Joshi 2020',
    cell: 'pcm',
    verified: true,
    range_uS: [0, 25],
    sigma_uS: g => -0.001788 * g * g + 0.07586 * g + 0.2864,
  },
  'rram-milo': {
    source: 'Milo et al., IRPS 2021 (program-and-verify algorithms); linear fit as in CrossSim',
    device: 'RRAM of Milo 2021',
    cell: 'rram',
    verified: true,
    range_uS: [50, 225],
    sigma_uS: g => Math.max(0, -0.009107 * g + 4.7823),
  },
  'rram-wan': {
    source: 'Wan et al. (NeuRRAM), Nature 608, 504 (2022); cubic fit as in CrossSim',
    device: 'RRAM of NeuRRAM',
    cell: 'rram',
    verified: true,
    range_uS: [0, 39],
    sigma_uS: g => ((1.536e-4 * g - 1.167e-2) * g + 0.2374) * g + 1.053,
  },
};

/** The fit of that name; throws a `TrexError` with the nearest known name. */
export function deviceFit(name: string): DeviceFit {
  if (!Object.hasOwn(DEVICE_FITS, name)) throw unknownName('device fit', name, Object.keys(DEVICE_FITS));
  return DEVICE_FITS[name as DeviceFitName];
}
