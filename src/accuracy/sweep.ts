/** One parameter of the crossbars varied: `adc=4..8`, `sigmaRead=0..0.3:0.05`, `cellBits=1,2,4`. */
import { unknownName, usageError } from '../base/errors.ts';
import { storageOf } from '../tech/circuit/laws.ts';
import type { Devices } from '../tech/devices.ts';
import type { DeviceOptions } from './device.ts';
import { SWEEPS, type SweepName } from './sweep-parameters.ts';

const MAX_POINTS = 100;
/** Ranges of decimals shall give the decimals that a person would write. */
const DIGITS = 12;

/** A parameter with the values that it takes, in their order. */
export interface Sweep {
  readonly parameter: SweepName;
  readonly values: readonly number[];
}

/** @throws TrexError (usage) for another parameter, another form, or values out of range. */
export function parseSweep(text: string): Sweep {
  const [, name, range] = /^([^=]*)=(.*)$/.exec(text.trim()) ?? [];
  if (name === undefined) throw usageError(`--sweep ${text}: expected parameter=from..to, e.g. adc=4..8`);
  if (!Object.hasOwn(SWEEPS, name)) throw unknownName('sweep parameter', name, Object.keys(SWEEPS));
  const parameter = name as SweepName;
  const values = range.includes('..')
    ? series(text, parameter, range)
    : range.split(',').map(v => number(text, v));
  for (const value of values) checkValue(text, parameter, value);
  if (new Set(values).size < values.length) throw usageError(`--sweep ${text}: a value stands there twice`);
  return { parameter, values };
}

/** The options of a device with one value of a sweep. */
export const sweptOptions = (options: DeviceOptions, parameter: SweepName, value: number): DeviceOptions => ({
  ...options,
  [SWEEPS[parameter].option]: value,
});

/**
 * Number of the value that layers are looked at with: the technology's own, where it is among the swept ones, else the
 * last.
 */
export function nominalPoint({ parameter, values }: Sweep, devices: Devices, options: DeviceOptions): number {
  const { static: known, dynamic } = devices;
  const own = SWEEPS[parameter].own(storageOf(known.cell.device) === 'bistable' ? dynamic : known, options);
  const found = own === undefined ? -1 : values.indexOf(own);
  return found < 0 ? values.length - 1 : found;
}

/** `from..to` or `from..to:step`; both ends count. */
function series(text: string, parameter: SweepName, range: string): number[] {
  const [ends, stepText, ...more] = range.split(':');
  const [fromText, toText, ...others] = ends.split('..');
  if (more.length > 0 || others.length > 0)
    throw usageError(`--sweep ${text}: expected from..to or from..to:step`);
  if (stepText === undefined && !SWEEPS[parameter].integer)
    throw usageError(`--sweep ${text}: ${parameter} needs a step: ${parameter}=${ends}:STEP`);
  const [from, to, step] = [fromText, toText, stepText ?? '1'].map(part => number(text, part));
  if (!(step > 0) || to < from) throw usageError(`--sweep ${text}: expected from <= to and a step above 0`);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MAX_POINTS) throw usageError(`--sweep ${text}: ${count} points, at most ${MAX_POINTS}`);
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(DIGITS)));
}

function number(text: string, part: string): number {
  const value = part.trim() === '' ? Number.NaN : Number(part);
  if (!Number.isFinite(value)) throw usageError(`--sweep ${text}: '${part}' is no number`);
  return value;
}

function checkValue(text: string, name: SweepName, value: number): void {
  const { integer, min, max } = SWEEPS[name];
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return;
  throw usageError(
    `--sweep ${text}: ${name} is ${integer ? 'a whole number' : 'a number'} from ${min} to ${max}, got ${value}`,
  );
}
