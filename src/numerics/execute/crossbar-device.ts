/** What the matmuls of a network are put on: the crossbars of one device, and which ops use which. */
import { unknownName, usageError } from '../../base/errors.ts';
import type { DriftReferences } from '../../tech/drift-compensation.ts';
import { type EncodingName, weightEncoding } from '../../tech/encodings.ts';
import type { NoiseModel } from '../../tech/noise-model.ts';
import { type GroupRange, groupRanges, groupsPerArray } from '../../workload/diagonal.ts';
import type { Graph } from '../../workload/graph.ts';
import { isMatmul, type MatmulOp } from '../../workload/matmul.ts';
import type { GroupedOp } from '../../workload/op.ts';
import { adcAt } from '../mvm/adc-window.ts';
import type { MvmBackend } from '../mvm/backend.ts';
import type { AdcSpec, AdcWindow, MvmSpec } from '../mvm/spec.ts';
import type { Quantizer } from '../quantize/quantizer.ts';
import type { Matrix } from './matrix.ts';

/** Columns that share one draw of the read noise, if the device does not say. */
const STRIP = 16;

/** The crossbars of one technology; see MvmSpec for the fields. */
export interface CrossbarDevice {
  readonly arrayRows: number;
  /** Absent: a conversion adds up all rows of an array. */
  readonly lineRows?: number;
  /** Columns beside references, of all the slices of a weight where they are merged; absent: one array is as wide as the matrix. */
  readonly arrayCols?: number;
  readonly cellBits: number;
  /** The slices of a weight are merged before one conversion. */
  readonly merge?: boolean;
  readonly inputBitsPerStep?: number;
  readonly encoding: EncodingName;
  readonly adc: AdcSpec;
  readonly fracBits?: number;
  readonly strip?: 1 | 16 | 32;
  readonly noise: NoiseModel;
  /** Of the inputs, see MvmSpec; a dynamic op has that of its own inputs. */
  readonly activity?: number;
  /** `layer`: the references of the ADC are set to the sums of each layer; absent: `adc` says where they stand. */
  readonly window?: 'layer';
  /** How drift of known weights is made up for; absent: it is not. */
  readonly drift?: DriftReferences;
}

/** What the operands of a few inputs say of the crossbars of each layer. */
export interface LayerSettings {
  /** Of devices with `window: 'layer'`, by op id; without one their ADCs stand as `adc` says. */
  readonly windows?: Readonly<Record<string, AdcWindow>>;
  /** How many rows the inputs of a layer drive together, by op id: `activity` of its crossbars. */
  readonly activities?: Readonly<Record<string, number>>;
  /** Rows of inputs that find out how far a layer of known weights has drifted, by op id. */
  readonly references?: Readonly<Record<string, Matrix>>;
}

/** Which crossbars an op is on. */
export interface DeviceChoice extends LayerSettings {
  /** Of layers whose weights are known. */
  readonly static: CrossbarDevice;
  /** Of K^T and V, written for each image; default as `static`. A hybrid chip has another device here. */
  readonly dynamic?: CrossbarDevice;
  /** Exceptions, by op id or by stage; an op id wins. */
  readonly layers?: Readonly<Record<string, CrossbarDevice>>;
}

/** The crossbars of a network, which chip of many they are, and who computes their reads. */
export interface AnalogOptions extends DeviceChoice {
  readonly backend: MvmBackend;
  readonly seed: string | number;
  /** Which chip of many: each has its own cells and converters. Default 0. */
  readonly draw?: number;
  /** Memory for programmed static matrices, bytes; those beyond are programmed anew, alike, in each run. Default 1 GiB. */
  readonly memory_B?: number;
}

/** The device of one op. */
export function deviceOf(op: MatmulOp, choice: DeviceChoice): CrossbarDevice {
  const { layers = {}, dynamic = choice.static, windows = {}, activities = {} } = choice;
  const own = layers[op.id] ?? layers[op.stage] ?? (op.kind === 'dynamic' ? dynamic : choice.static);
  const activity = activities[op.id];
  const device = activity === undefined ? own : { ...own, activity };
  const window = windows[op.id];
  if (device.window !== 'layer' || window === undefined) return device;
  return { ...device, adc: adcAt(device.adc.bits, window) };
}

/** @throws TrexError (usage) for a layer that is no matmul of the graph. */
export function checkLayers(graph: Graph, layers: Readonly<Record<string, unknown>> = {}): void {
  const matmuls = graph.ops.filter(isMatmul);
  const names = [...new Set(matmuls.flatMap(op => [op.id, op.stage]))];
  for (const name of Object.keys(layers)) if (!names.includes(name)) throw unknownName('layer', name, names);
}

/** Weights side by side in an array; undefined: as many as the matrix has. @throws TrexError (usage) where none fits. */
export function weightsPerRow(device: CrossbarDevice, weightBits: number): number | undefined {
  const { merge, arrayCols, encoding, cellBits } = device;
  if (!merge || arrayCols === undefined) return arrayCols;
  const { partBits, referenceColumns } = weightEncoding(encoding);
  const columns = Math.ceil(partBits(weightBits) / cellBits);
  const weights = Math.floor((arrayCols + referenceColumns) / columns) - referenceColumns;
  if (weights < 1)
    throw usageError(`${arrayCols} columns do not hold the ${columns} of a weight, which are merged`);
  return weights;
}

/** Which groups of an op stand together on the diagonal of one array. */
export function diagonalRanges(op: GroupedOp, device: CrossbarDevice, weightBits: number): GroupRange[] {
  const cols = weightsPerRow(device, weightBits) ?? Number.POSITIVE_INFINITY;
  const perArray = groupsPerArray(op, device.lineRows ?? device.arrayRows, cols);
  return groupRanges(op.groups, perArray);
}

/** A rows x cols matrix of `weightBits` on the device, read with inputs of `input`. */
export function mvmSpec(
  device: CrossbarDevice,
  rows: number,
  cols: number,
  weightBits: number,
  input: Quantizer,
): MvmSpec {
  const { noise: _, window: __, strip = STRIP, arrayCols: ___, drift: ____, ...cells } = device;
  const arrayCols = weightsPerRow(device, weightBits);
  return {
    ...cells,
    ...(arrayCols !== undefined && { arrayCols }),
    strip,
    rows,
    cols,
    weightBits,
    inputBits: input.bits,
    signedInput: input.signed,
  };
}
