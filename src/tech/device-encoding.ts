/** How the weights of a device stand in its cells, and how many arrays and columns that takes. */
import { usageError } from '../base/errors.ts';
import { storageOf } from './circuit/laws.ts';
import { allDevices, type Devices } from './devices.ts';
import { driftColumns } from './drift-compensation.ts';
import { type EncodingName, weightEncoding } from './encodings.ts';
import type { Device } from './schema.ts';

/**
 * As the file says. Without a word: pairs, but for a bistable cell, whose bits have no spread that a pair would keep small.
 */
export const encodingName = (device: Device): EncodingName =>
  device.encoding ?? (storageOf(device.cell.device) === 'bistable' ? 'offset' : 'differential');

/** Columns of a weight in one array: those of its slices where they are merged before the converter, else one. */
export function columnsPerWeight(device: Device, weightBits: number): number {
  if (device.level === 'macro' || device.merge === undefined) return 1;
  return Math.ceil(weightEncoding(encodingName(device)).partBits(weightBits) / device.cell.bits);
}

/** Arrays that hold a block of weights of so many bits. @throws TrexError (usage) for fewer bits than the encoding can have. */
export function arraysPerWeight(device: Device, weightBits: number): number {
  const name = encodingName(device);
  const { leastBits, slices } = weightEncoding(name);
  if (weightBits < leastBits)
    throw usageError(
      `${device.name}: ${weightBits}-bit weights in ${name}: expected at least ${leastBits} bits`,
    );
  return slices(weightBits, device.cell.bits).length / columnsPerWeight(device, weightBits);
}

/** Weights side by side in an array. Published totals are of an array with its reference column beside them. */
export function weightColumns(device: Device, weightBits: number): number {
  const { cols } = device.crossbar;
  if (device.level === 'macro') return cols;
  const name = encodingName(device);
  const { referenceColumns } = weightEncoding(name);
  const references = referenceColumns + driftColumns(device);
  const weights = Math.floor(cols / columnsPerWeight(device, weightBits)) - references;
  if (weights <= 0) throw usageError(`${device.name}: ${cols} columns in ${name}: none is left for weights`);
  return weights;
}

/** Columns of an array that are its references, of the encoding and of drift: of each weight's slices one, where they are merged. */
export function referenceColumnsOf(device: Device, weightBits: number): number {
  if (device.level === 'macro') return 0;
  const { referenceColumns } = weightEncoding(encodingName(device));
  return (referenceColumns + driftColumns(device)) * columnsPerWeight(device, weightBits);
}

/** Sets of weights that an array holds: it reads one at a time. */
export const setsOf = (device: Device): number => (device.level === 'circuit' ? device.sets : 1);

/** The devices of a chip with another encoding, if one is named: what it takes of arrays is counted. */
export function withEncoding(devices: Devices, encoding: EncodingName | undefined): Devices {
  if (encoding === undefined) return devices;
  const changed = new Map(allDevices(devices).map(device => [device, { ...device, encoding }]));
  const other = (device: Device): Device => changed.get(device) ?? device;
  return {
    static: other(devices.static),
    dynamic: other(devices.dynamic),
    ...(devices.layers !== undefined && {
      layers: devices.layers.map(({ match, device }) => ({ match, device: other(device) })),
    }),
  };
}
