/** What can be swept: parameters of arrays, converters and noise, by their names on the command line. */
import type { Device } from '../tech/schema.ts';
import type { DeviceOptions } from './device.ts';

interface Parameter {
  readonly option: keyof DeviceOptions;
  /** For axes and tables. */
  readonly label: string;
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
  /** The technology's own value; undefined where it has none. */
  own(device: Device, options: DeviceOptions): number | undefined;
}

type Own = Parameter['own'];
type Range = readonly [min: number, max: number];

const SHARE: Range = [0, 1];

const parameter = (
  option: keyof DeviceOptions,
  label: string,
  [min, max]: Range,
  own: Own,
  integer = false,
): Parameter => ({ option, label, integer, min, max, own });

export const SWEEPS = {
  adc: parameter('adcBits', 'ADC resolution (bit)', [1, 14], d => d.adc.bits, true),
  adcRange: parameter('adcRange', 'ADC full scale / full column', [0.01, 1], (_, w) =>
    w.adcRange === 'layer' ? undefined : (w.adcRange ?? 1),
  ),
  cellBits: parameter('cellBits', 'Bits per cell', [1, 8], d => d.cell.bits, true),
  rows: parameter('arrayRows', 'Rows per array', [1, 4096], d => d.crossbar.rows, true),
  onOff: parameter('onOff', 'On/off ratio', [1.01, 1e9], d => d.noise?.onOff?.ratio ?? ratioOf(d)),
  sigmaWrite: parameter('sigmaWrite', 'Write variation sigma', [0, 2], writeSigmaOf),
  stuckOn: parameter('stuckOn', 'Cells stuck at the highest level', SHARE, d => d.noise?.stuck?.on ?? 0),
  stuckOff: parameter('stuckOff', 'Cells stuck at level 0', SHARE, d => d.noise?.stuck?.off ?? 0),
  driftTime: parameter('driftTime_s', 'Time since programming (s)', [1e-9, 1e12], d => d.noise?.drift?.time),
  driftNu: parameter('driftNu', 'Drift exponent nu', [0, 1], d => d.noise?.drift?.nu),
  driftNuSigma: parameter(
    'driftNuSigma',
    'Spread of the drift exponent',
    [0, 1],
    d => d.noise?.drift?.nuSigma,
  ),
  sigmaRead: parameter(
    'sigmaRead',
    'Read variation sigma',
    [0, 0.99],
    d => d.noise?.readVariation?.sigma ?? 0,
  ),
  rowWire: parameter('rowWire_ohm', 'Wordline per cell (ohm)', [0, 1e4], d => d.noise?.wires?.row ?? 0),
  columnWire: parameter(
    'columnWire_ohm',
    'Bitline per cell (ohm)',
    [0, 1e4],
    d => d.noise?.wires?.column ?? 0,
  ),
  driver: parameter('driver_ohm', 'Wordline driver (ohm)', [0, 1e6], d => d.noise?.wires?.driver ?? 0),
  sense: parameter('sense_ohm', 'Column to virtual ground (ohm)', [0, 1e6], d => d.noise?.wires?.sense ?? 0),
  adcOffset: parameter('adcOffset_LSB', 'ADC offset sigma (LSB)', [0, 64], d => d.noise?.adc?.offset ?? 0),
  adcGain: parameter('adcGain', 'ADC gain sigma', [0, 0.199], d => d.noise?.adc?.gain ?? 0),
  adcInl: parameter('adcInl_LSB', 'ADC INL (LSB)', [-4, 4], d => d.noise?.adc?.inl ?? 0),
  capacitance: parameter(
    'capacitance_F',
    'Sample-and-hold (F)',
    [1e-18, 1e-6],
    d => d.noise?.thermal?.capacitance,
  ),
  temperature: parameter('temperature_K', 'Temperature (K)', [0, 1000], d => d.noise?.thermal?.temperature),
} as const satisfies Record<string, Parameter>;

function ratioOf({ cell }: Device): number | undefined {
  const { onResistance, offResistance } = cell;
  return onResistance === undefined || offResistance === undefined ? undefined : offResistance / onResistance;
}

function writeSigmaOf({ noise }: Device): number | undefined {
  const file = noise?.writeVariation;
  if (file === undefined) return 0;
  return 'sigma' in file ? file.sigma : undefined;
}
