/** The crossbars that TReX measured with (arXiv 2408.12742, Table III): what it prints belongs to these, whatever a file is called. */
import { encodingName } from './device-encoding.ts';
import type { Device } from './schema.ts';

const ARRAY = { rows: 64, cols: 64, adcBits: 6, encoding: 'offset' };

/** Values that errors depend on. The forms of variation are those of the same laboratory's ClipFormer (arXiv 2402.02586). */
const DEVICES = {
  FeFET: {
    ...ARRAY,
    device: 'fefet',
    bits: 2,
    onResistance: 100e3,
    offResistance: 10e6,
    noise: {
      writeVariation: { form: 'clipformer', sigma: 0.2, gamma: 1, matrices: 'dynamic' },
      readVariation: { form: 'multiplicative', sigma: 0.1, drawn: 'device' },
    },
  },
  SRAM: { ...ARRAY, device: 'sram', bits: 1, noise: {} },
} as const;

export type TrexDevice = keyof typeof DEVICES;

/** Which of the paper's two a device is; undefined for any other. */
export function trexDevice(device: Device): TrexDevice | undefined {
  const { cell, crossbar, adc, noise } = device;
  const values = {
    device: cell.device,
    bits: cell.bits,
    onResistance: cell.onResistance,
    offResistance: cell.offResistance,
    encoding: encodingName(device),
    rows: crossbar.rows,
    cols: crossbar.cols,
    adcBits: adc.bits,
    noise,
  };
  return (Object.keys(DEVICES) as TrexDevice[]).find(name => sameValues(values, DEVICES[name]));
}

/** Whether two blocks say the same, apart from what cites or describes. */
export const sameValues = (a: unknown, b: unknown): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'source' && key !== 'description');
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, sorted(inner)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
