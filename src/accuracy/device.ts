/** From a technology file to the crossbars of a functional run (TReX, arXiv 2408.12742, section 3 and Table III). */
import type { CrossbarDevice } from '../numerics/execute/crossbar-device.ts';
import type { AdcSpec } from '../numerics/mvm/spec.ts';
import type { NoiseModel } from '../numerics/noise/model.ts';
import { losslessBits } from '../tech/lossless.ts';
import type { Device } from '../tech/schema.ts';

/** What the command line says on top of a technology file; absent: as the file says. */
export interface DeviceWords {
  readonly adcBits?: number | undefined;
  /** Full scale of the ADC as a share of a full column's sum; default 1. */
  readonly adcRange?: number | undefined;
  readonly cellBits?: number | undefined;
  readonly arrayRows?: number | undefined;
  readonly sigmaRead?: number | undefined;
  readonly sigmaWrite?: number | undefined;
  /** Default offset. */
  readonly encoding?: 'offset' | 'differential' | undefined;
  /** Read variation is drawn once per cell and chip (default, as TReX's weights in one forward pass), or in every read. */
  readonly readNoise?: 'device' | 'read' | undefined;
  /** Who has write variation: matrices written at run time (default: static layers are verified, TReX), or all. */
  readonly writeNoise?: 'dynamic' | 'all' | undefined;
  /** Default clipformer, the form of TReX's laboratory. */
  readonly writeForm?: 'clipformer' | 'multiplicative' | undefined;
  /** Default 16. */
  readonly strip?: 1 | 16 | 32 | undefined;
}

/** The devices of a technology: of known weights, and of matrices that are written at run time. */
export interface Devices {
  readonly static: Device;
  readonly dynamic: Device;
}

export interface CrossbarDevices {
  readonly static: CrossbarDevice;
  readonly dynamic: CrossbarDevice;
}

/**
 * The crossbars of both devices. Words about cells (bits, sigmas) are for resistive cells: an SRAM cell takes them only
 * where the technology has nothing else.
 */
export function crossbarDevices(devices: Devices, words: DeviceWords = {}): CrossbarDevices {
  const onlySram = devices.static.cell.device === 'sram' && devices.dynamic.cell.device === 'sram';
  const make = (device: Device, written: boolean): CrossbarDevice =>
    crossbarDevice(device, written, device.cell.device === 'sram' && !onlySram ? withoutCells(words) : words);
  return { static: make(devices.static, false), dynamic: make(devices.dynamic, true) };
}

/** `written`: the matrix is programmed at run time, without a verify step. */
export function crossbarDevice(device: Device, written: boolean, words: DeviceWords = {}): CrossbarDevice {
  const { adcBits = device.adc.bits, cellBits = device.cell.bits, adcRange = 1 } = words;
  const arrayRows = words.arrayRows ?? device.crossbar.rows;
  return {
    arrayRows,
    cellBits,
    encoding: words.encoding ?? 'offset',
    adc: adcSpec(
      adcBits,
      arrayRows * (2 ** cellBits - 1),
      adcBits >= losslessBits(arrayRows, cellBits),
      adcRange,
    ),
    ...(words.strip !== undefined && { strip: words.strip }),
    noise: noiseModel(device, written, words),
  };
}

/** One step is one level where the codes suffice; else the codes cover `range` of the full column. */
function adcSpec(bits: number, fullScale: number, lossless: boolean, range: number): AdcSpec {
  if (range === 1) return { bits, levelsPerLsb: lossless ? 'lossless' : 'full-scale' };
  const steps = 2 ** bits - 1;
  return { bits, levelsPerLsb: { levels: Math.max(Math.round(fullScale * range), steps), steps } };
}

/** The on/off ratio's constant part is taken off by a reference column. */
function noiseModel({ cell, noise }: Device, written: boolean, words: DeviceWords): NoiseModel {
  const sigmaRead = words.sigmaRead ?? noise?.readVariation ?? 0;
  const sigmaWrite = words.sigmaWrite ?? noise?.writeVariation ?? 0;
  const { onResistance, offResistance } = cell;
  const ratio = onResistance === undefined ? undefined : (offResistance ?? 0) / onResistance;
  const varies = sigmaWrite > 0 && (written || words.writeNoise === 'all');
  return {
    ...(ratio !== undefined && ratio > 1 && { onOff: { ratio, reference: 'column' as const } }),
    ...(varies && { write: writeVariation(sigmaWrite, words.writeForm) }),
    ...(sigmaRead > 0 && {
      read: { kind: 'multiplicative' as const, sigma: sigmaRead, when: words.readNoise ?? 'device' },
    }),
  };
}

const writeVariation = (sigma: number, form: DeviceWords['writeForm'] = 'clipformer') =>
  form === 'clipformer' ? { kind: form, gamma: 1, sigma } : { kind: form, sigma };

const withoutCells = ({ cellBits: _c, sigmaRead: _r, sigmaWrite: _w, ...words }: DeviceWords): DeviceWords =>
  words;
