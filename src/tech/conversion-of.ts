/** What one conversion of a device sums. */
import { rowCut } from './circuit/input-steps.ts';
import { losslessBits } from './circuit/lossless.ts';
import { encodingName } from './device-encoding.ts';
import { weightEncoding } from './encodings.ts';
import type { Device } from './schema.ts';

/** Rows of the array that are summed at once, those of it that hold weights, and input bits that are driven at once; a macro's totals are of single bits over all rows. */
export function conversionOf(device: Device): {
  readonly rows: number;
  readonly arrayRows: number;
  readonly bits: number;
} {
  const { rows } = device.crossbar;
  if (device.level !== 'circuit') return { rows, arrayRows: rows, bits: 1 };
  const { activeRows, inputBitsPerStep: bits } = device;
  const cut = rowCut({ rows, ...(activeRows !== undefined && { activeRows }) });
  return { rows: cut.group, arrayRows: cut.rows, bits };
}

/** Bits of a weight in a sum: those of a cell, or of all slices that are merged. */
export const summedBits = (device: Device, weightBits: number): number =>
  device.level === 'circuit' && device.merge !== undefined
    ? weightEncoding(encodingName(device)).partBits(weightBits)
    : device.cell.bits;

/** Bits of an ADC that tells all sums of weights of so many bits apart. */
export function deviceLosslessBits(device: Device, weightBits: number): number {
  const { rows, bits } = conversionOf(device);
  return losslessBits(rows, summedBits(device, weightBits), bits);
}
