/** From the noise of a technology file, and options on top of it, to the noise model of a functional run. */
import { usageError } from '../base/errors.ts';
import type { IrDrop } from '../numerics/noise/ir-drop.ts';
import type { NoiseModel } from '../numerics/noise/model.ts';
import type { OnOff } from '../numerics/noise/on-off.ts';
import type { ReadVariation } from '../numerics/noise/read-variation.ts';
import type { WriteVariation } from '../numerics/noise/write-variation.ts';
import type { Noise } from '../tech/noise-schema.ts';
import type { Device } from '../tech/schema.ts';

const ROOM_K = 300;

/** Numbers that replace those of the file; absent: as the file says. */
export interface NoiseNumbers {
  readonly onOff?: number | undefined;
  readonly sigmaWrite?: number | undefined;
  readonly stuckOn?: number | undefined;
  readonly stuckOff?: number | undefined;
  readonly driftTime_s?: number | undefined;
  readonly driftNu?: number | undefined;
  readonly driftNuSigma?: number | undefined;
  readonly sigmaRead?: number | undefined;
  readonly rowWire_ohm?: number | undefined;
  readonly columnWire_ohm?: number | undefined;
  readonly driver_ohm?: number | undefined;
  readonly sense_ohm?: number | undefined;
  readonly adcOffset_LSB?: number | undefined;
  readonly adcGain?: number | undefined;
  readonly adcInl_LSB?: number | undefined;
  readonly capacitance_F?: number | undefined;
  readonly temperature_K?: number | undefined;
}

export interface NoiseOptions extends NoiseNumbers {
  /** Read variation is drawn once per cell and chip (TReX's weights in one forward pass), or in every read. */
  readonly readNoise?: 'device' | 'read' | undefined;
  /** Who has write variation: matrices written at run time (static layers are verified, TReX), or all. */
  readonly writeNoise?: 'dynamic' | 'all' | undefined;
  readonly writeForm?: 'clipformer' | 'multiplicative' | undefined;
}

/** Options of cells and their lines; the others are about converters. */
export const CELL_OPTIONS = [
  ...['onOff', 'sigmaWrite', 'stuckOn', 'stuckOff', 'driftTime_s', 'driftNu', 'driftNuSigma', 'sigmaRead'],
  ...['rowWire_ohm', 'columnWire_ohm', 'driver_ohm', 'sense_ohm'],
] as const;

/**
 * What is not ideal about a device; terms without an effect are left out. `written`: the matrix is programmed at run
 * time, without a verify step, and read at once: it does not drift.
 * @throws TrexError (usage) for a term that lacks a number which has no default.
 */
export function deviceNoise(device: Device, written: boolean, options: NoiseOptions = {}): NoiseModel {
  const { noise = {} } = device;
  const onOff = onOffTerm(device, options);
  const all = {
    onOff,
    write: writeTerm(device, written, options, onOff),
    stuck: stuckTerm(noise, options),
    drift: written ? undefined : driftTerm(noise, options),
    read: readTerm(noise, options),
    irDrop: irDropTerm(device, options),
    adc: adcTerm(device, options),
    thermal: thermalTerm(noise, options),
  };
  return Object.fromEntries(Object.entries(all).filter(([, term]) => term !== undefined));
}

/** Without a ratio level 0 does not conduct. */
function onOffTerm({ cell, noise }: Device, options: NoiseOptions): OnOff | undefined {
  const { onResistance, offResistance } = cell;
  const ofCell =
    onResistance === undefined || offResistance === undefined ? undefined : offResistance / onResistance;
  const ratio = options.onOff ?? noise?.onOff?.ratio ?? ofCell;
  return ratio === undefined ? undefined : { ratio, reference: noise?.onOff?.reference ?? 'column' };
}

function writeTerm(
  { cell, noise }: Device,
  written: boolean,
  options: NoiseOptions,
  onOff: OnOff | undefined,
): WriteVariation | undefined {
  const file = noise?.writeVariation;
  if (!written && (options.writeNoise ?? file?.matrices) !== 'all') return undefined;
  const { sigmaWrite, writeForm } = options;
  const measured = file?.form === 'device' || file?.form === 'polynomial';
  if (measured && sigmaWrite === undefined) {
    if (writeForm !== undefined)
      throw usageError(
        `--write-form ${writeForm}: this technology has a measured spread of form ${file.form}`,
      );
    const { onResistance } = cell;
    if (onResistance === undefined)
      throw usageError(`write variation of form ${file.form} needs the conductances of cell.onResistance`);
    const high = 1e6 / onResistance;
    const range_uS = [onOff === undefined ? 0 : high / onOff.ratio, high] as const;
    if (file.form === 'device') return { kind: 'device', device: file.device, range_uS };
    const coefficients_uS = file.coefficients.map(c => 1e6 * c);
    return { kind: 'polynomial', coefficients_uS, full_uS: 1e6 * file.full, range_uS };
  }
  const simple = measured ? undefined : file;
  const sigma = sigmaWrite ?? simple?.sigma ?? 0;
  if (sigma === 0) return undefined;
  const kind = writeForm ?? simple?.form ?? 'clipformer';
  if (kind === 'multiplicative') return { kind, sigma };
  return { kind, gamma: simple?.form === 'clipformer' ? simple.gamma : 1, sigma };
}

function stuckTerm({ stuck }: Noise, { stuckOn, stuckOff }: NoiseOptions): NoiseModel['stuck'] {
  const [on, off] = [stuckOn ?? stuck?.on ?? 0, stuckOff ?? stuck?.off ?? 0];
  return on === 0 && off === 0 ? undefined : { on, off };
}

function driftTerm({ drift }: Noise, options: NoiseOptions): NoiseModel['drift'] {
  const { driftTime_s, driftNu, driftNuSigma } = options;
  if (drift === undefined) {
    if (driftTime_s === undefined && driftNu === undefined && driftNuSigma === undefined) return undefined;
    throw usageError(
      'this technology does not drift: give it nu, t0 and time, e.g. --set tech.noise.drift="{nu: 0.1, t0: 1 s, time: 1 ks}"',
    );
  }
  const [nu, nuSigma] = [driftNu ?? drift.nu, driftNuSigma ?? drift.nuSigma];
  const time_s = driftTime_s ?? drift.time;
  if ((nu === 0 && nuSigma === 0) || time_s === drift.t0) return undefined;
  return { time_s, t0_s: drift.t0, nu, nuSigma };
}

function readTerm({ readVariation: file }: Noise, options: NoiseOptions): ReadVariation | undefined {
  const sigma = options.sigmaRead ?? file?.sigma ?? 0;
  if (sigma === 0) return undefined;
  const when = options.readNoise ?? file?.drawn ?? 'device';
  const form = file?.form ?? 'multiplicative';
  if (form === 'lognormal') return { kind: 'multiplicative', sigma, when, distribution: form };
  return { kind: form, sigma, when };
}

function irDropTerm({ cell, crossbar, noise }: Device, options: NoiseOptions): IrDrop | undefined {
  const file = noise?.wires;
  const rowWire_ohm = options.rowWire_ohm ?? file?.row ?? 0;
  const colWire_ohm = options.columnWire_ohm ?? file?.column ?? 0;
  const driver_ohm = options.driver_ohm ?? file?.driver ?? 0;
  const sense_ohm = options.sense_ohm ?? file?.sense ?? 0;
  if ([rowWire_ohm, colWire_ohm, driver_ohm, sense_ohm].every(ohm => ohm === 0)) return undefined;
  if (cell.onResistance === undefined)
    throw usageError('the resistance of wires acts on cells with a resistance: give cell.onResistance');
  const lines = { rowWire_ohm, colWire_ohm, driver_ohm, sense_ohm };
  return {
    onResistance_ohm: cell.onResistance,
    ...lines,
    arrayCols: crossbar.cols,
    activity: file?.activity ?? 1,
  };
}

function adcTerm({ adc, noise }: Device, options: NoiseOptions): NoiseModel['adc'] {
  const file = noise?.adc;
  const offset_LSB = options.adcOffset_LSB ?? file?.offset ?? 0;
  const gain = options.adcGain ?? file?.gain ?? 0;
  const inl_LSB = options.adcInl_LSB ?? file?.inl ?? 0;
  if (offset_LSB === 0 && gain === 0 && inl_LSB === 0) return undefined;
  return { offset_LSB, gain, inl_LSB, columns: adc.columns };
}

function thermalTerm({ thermal }: Noise, options: NoiseOptions): NoiseModel['thermal'] {
  const capacitance_F = options.capacitance_F ?? thermal?.capacitance;
  const temperature_K = options.temperature_K ?? thermal?.temperature ?? ROOM_K;
  if (thermal === undefined && options.capacitance_F === undefined && options.temperature_K === undefined)
    return undefined;
  if (thermal === undefined || capacitance_F === undefined)
    throw usageError(
      'this technology has no thermal noise: give it capacitance and fullScale, e.g. --set tech.noise.thermal="{capacitance: 64 fF, fullScale: 1 V}"',
    );
  return temperature_K === 0 ? undefined : { capacitance_F, fullScale_V: thermal.fullScale, temperature_K };
}
