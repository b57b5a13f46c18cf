/** Thermal noise of the sample-and-hold: a voltage of standard deviation sqrt(kT / C) on every conversion. */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { nodeConstants } from '../circuit/nodes.ts';
import { noiseTerm } from '../noise-term.ts';

const BOLTZMANN_J_K = 1.380649e-23;
const ROOM_K = 300;

export interface Thermal {
  readonly capacitance_F: number;
  /** Voltage of the full range of codes. */
  readonly fullScale_V: number;
  readonly temperature_K: number;
}

/** As a share of the range of codes: 64 fF at 300 K give 0.25 mV, over 1 V 0.065 steps of an 8-bit ADC. */
export function thermalShare({ capacitance_F, fullScale_V, temperature_K }: Thermal): number {
  if (!(capacitance_F > 0 && fullScale_V > 0 && temperature_K >= 0)) {
    throw usageError('thermal noise: capacitance_F and fullScale_V above 0, temperature_K from 0');
  }
  return Math.sqrt((BOLTZMANN_J_K * temperature_K) / capacitance_F) / fullScale_V;
}

const positive = { positive: true };

export const term = noiseTerm({
  name: 'thermal',
  place: 90,
  of: 'converters',
  schema: block({
    capacitance: quantity('F', positive).meta({ description: 'of a sample-and-hold' }),
    fullScale: quantity('V', positive)
      .optional()
      .meta({ description: 'voltage of all codes; absent: the supply' }),
    temperature: quantity('K').optional().meta({ description: "absent: the device's" }),
  }),
  numbers: {
    capacitance: {
      option: 'capacitance_F',
      label: 'Sample-and-hold (F)',
      min: 1e-18,
      max: 1e-6,
      own: file => file?.capacitance,
    },
    temperature: {
      option: 'temperature_K',
      label: 'Temperature (K)',
      min: 0,
      max: 1000,
      own: (file, device) => file?.temperature ?? device.temperature ?? (file && ROOM_K),
    },
  },
  choices: {},
  params: ({ file, options, device }): Thermal | undefined => {
    const capacitance_F = options.capacitance_F ?? file?.capacitance;
    const temperature_K = options.temperature_K ?? file?.temperature ?? device.temperature ?? ROOM_K;
    if (file === undefined && options.capacitance_F === undefined && options.temperature_K === undefined)
      return undefined;
    if (file === undefined || capacitance_F === undefined)
      throw usageError(
        'this technology has no thermal noise: give it capacitance and fullScale, e.g. --set tech.noise.thermal="{capacitance: 64 fF, fullScale: 1 V}"',
      );
    const fullScale_V = file.fullScale ?? device.vdd ?? nodeConstants(device.node, 'LSTP').vdd_V;
    return temperature_K === 0 ? undefined : { capacitance_F, fullScale_V, temperature_K };
  },
  effects: (thermal: Thermal) => [
    { kind: 'readSpread', ofRange: 0, ofCell: 0, ofCodes: thermalShare(thermal) },
  ],
});
