/** What one conversion of a device sums. */
import { drivenRows } from './circuit/input-steps.ts';
import type { Device } from './schema.ts';

/** Rows of the array that are summed at once, and input bits that are driven at once; a macro's totals are of single bits over all rows. */
export function conversionOf(device: Device): { readonly rows: number; readonly bits: number } {
  const { rows } = device.crossbar;
  if (device.level !== 'circuit') return { rows, bits: 1 };
  const { activeRows, inputBitsPerStep: bits } = device;
  return { rows: drivenRows({ rows, ...(activeRows !== undefined && { activeRows }) }), bits };
}
