/** From a technology file to the crossbars of a functional run (TReX, arXiv 2408.12742, section 3 and Table III). */
import { usageError } from '../base/errors.ts';
import type { CrossbarDevice } from '../numerics/execute/crossbar-device.ts';
import type { AdcSpec } from '../numerics/mvm/spec.ts';
import { adcLawOf, storageOf } from '../tech/circuit/laws.ts';
import { losslessBits } from '../tech/circuit/lossless.ts';
import { conversionOf } from '../tech/conversion-of.ts';
import { encodingName } from '../tech/device-encoding.ts';
import { allDevices, type Devices, deviceOf } from '../tech/devices.ts';
import { driftColumns, driftReferences } from '../tech/drift-compensation.ts';
import type { CompensationScope } from '../tech/drift-compensation-schema.ts';
import { type EncodingName, weightEncoding } from '../tech/encodings.ts';
import { deviceNoise, NOISE_SWEEPS, type NoiseOptions } from '../tech/noise-model.ts';
import type { Device } from '../tech/schema.ts';
import type { Graph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';

/** Full scale of the ADCs as a share of a full column's sum; `layer`: their references are set to each layer. */
export type AdcRange = number | 'layer';

/** What a caller says on top of a technology file; absent: as the file says. */
export interface DeviceOptions extends NoiseOptions {
  readonly adcBits?: number | undefined;
  /** Default `layer`. */
  readonly adcRange?: AdcRange | undefined;
  readonly cellBits?: number | undefined;
  readonly arrayRows?: number | undefined;
  /** Of one array, its reference column among them. */
  readonly arrayCols?: number | undefined;
  readonly encoding?: EncodingName | undefined;
  /** What one factor against drift is of. */
  readonly driftCompensation?: CompensationScope | undefined;
  /** Default 16. */
  readonly strip?: 1 | 16 | 32 | undefined;
}

/** The crossbars of a network by the kind of matrix: known weights, and matrices written at run time. */
export interface CrossbarDevices {
  readonly static: CrossbarDevice;
  readonly dynamic: CrossbarDevice;
  /** Exceptions, by op id. */
  readonly layers?: Readonly<Record<string, CrossbarDevice>>;
}

/** What the crossbars of a technology are made of. @throws TrexError (usage) for one of digital blocks. */
export function crossbarsOf({ devices }: { readonly devices: Devices | undefined }, name: string): Devices {
  if (devices !== undefined) return devices;
  throw usageError(`--tech ${name}: a technology of digital blocks has no crossbars`);
}

/**
 * The crossbars of all devices; those of single layers need the graph that has them. Options about cells (bits, sigmas,
 * wires ...) are for analog cells: a bistable cell (SRAM) takes them only where the technology has nothing else.
 */
export function crossbarDevices(
  devices: Devices,
  options: DeviceOptions = {},
  graph?: Pick<Graph, 'ops'>,
): CrossbarDevices {
  const bistable = ({ cell }: Device): boolean => storageOf(cell.device) === 'bistable';
  const bistableOnly = allDevices(devices).every(bistable);
  const make = (device: Device, written: boolean): CrossbarDevice =>
    crossbarDevice(device, written, bistable(device) && !bistableOnly ? withoutCells(options) : options);
  const { static: known, dynamic, layers = [] } = devices;
  const exceptions = (graph?.ops ?? []).flatMap(op => {
    if (layers.length === 0 || !isMatmul(op)) return [];
    const written = op.kind === 'dynamic';
    // Ops that share weights are on the crossbars of the first.
    const own = deviceOf(devices, op.weightId, written);
    return own === (written ? dynamic : known) ? [] : [[op.id, make(own, written)] as const];
  });
  return {
    static: make(known, false),
    dynamic: make(dynamic, true),
    ...(exceptions.length > 0 && { layers: Object.fromEntries(exceptions) }),
  };
}

/** `written`: the matrix is programmed at run time, without a verify step. An adder tree sums exactly, whatever the options are. */
export function crossbarDevice(
  device: Device,
  written: boolean,
  options: DeviceOptions = {},
): CrossbarDevice {
  const { cellBits = device.cell.bits, adcRange = 'layer' } = options;
  const { arrayRows: rows = device.crossbar.rows, arrayCols: cols = device.crossbar.cols } = options;
  const conversion = conversionOf({ ...device, crossbar: { rows, cols } });
  const { rows: arrayRows, bits: inputBitsPerStep } = conversion;
  const encoding = options.encoding ?? encodingName(device);
  const { referenceColumns } = weightEncoding(encoding);
  const merge = device.level === 'circuit' && device.merge !== undefined;
  const scope = written ? 'none' : options.driftCompensation;
  // What is written at run time stands in the same arrays.
  const drift = driftColumns(device, options.driftCompensation);
  if (drift > 0 && (device.level === 'macro' || referenceColumns > 0))
    throw usageError(
      `${device.name}: driftCompensation.columns: expected 0 ${
        device.level === 'macro'
          ? 'on published totals, which hold no such columns'
          : `in ${encoding}, whose sums a reference column takes off`
      }, got ${drift}`,
    );
  const arrayCols = device.level === 'macro' ? cols : cols - referenceColumns - drift;
  if (arrayCols <= 0)
    throw usageError(`${device.name}: ${cols} columns in ${encoding}: none is left for weights`);
  const needed = losslessBits(arrayRows, cellBits, inputBitsPerStep);
  // A reference column stands among the others: wordlines reach over it too.
  const references = driftReferences(device, arrayCols + 1, options, scope);
  const exact = device.level === 'circuit' && adcLawOf(device.adc).digital;
  const adcBits = exact ? needed : (options.adcBits ?? device.adc.bits);
  return {
    arrayRows,
    ...(arrayRows < conversion.arrayRows && { lineRows: conversion.arrayRows }),
    cellBits,
    ...(inputBitsPerStep > 1 && { inputBitsPerStep }),
    arrayCols,
    encoding,
    ...(merge && { merge }),
    // Of merged slices a full column has the bits of the weights: where the codes suffice, it is lossless.
    adc: adcSpec(adcBits, !merge && adcBits >= needed, exact ? 1 : adcRange),
    ...(adcRange === 'layer' && !exact && { window: 'layer' as const }),
    ...(options.strip !== undefined && { strip: options.strip }),
    noise: deviceNoise({ ...device, crossbar: { cols: arrayCols + 1 } }, written, options),
    ...(references !== undefined && { drift: references }),
  };
}

/** One step is one level where the codes suffice; else the codes cover `range` of the full column. */
function adcSpec(bits: number, lossless: boolean, range: AdcRange): AdcSpec {
  if (range === 1 || range === 'layer') return { bits, levelsPerLsb: lossless ? 'lossless' : 'full-scale' };
  return { bits, levelsPerLsb: { ofFullScale: range } };
}

function withoutCells(options: DeviceOptions): DeviceOptions {
  return Object.fromEntries(Object.entries(options).filter(([option]) => !CELL_OPTIONS.has(option)));
}

const CELL_OPTIONS: ReadonlySet<string> = new Set([
  'cellBits',
  ...Object.values(NOISE_SWEEPS)
    .filter(number => number.of === 'cells')
    .map(({ option }) => option),
]);
