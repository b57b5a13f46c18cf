/** Quantities with units: "25.096 pJ" in files and on the command line, SI numbers in code. */
import { log10, pow } from './math.ts';

const PREFIX: Record<string, number> = {
  '': 1,
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6, // U+00B5, the micro sign
  μ: 1e-6, // U+03BC, the Greek letter
  m: 1e-3,
  c: 1e-2,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Base units and what one of them is in SI; a byte is kept apart from a bit, both are plain counts. */
const BASE: Record<string, { dimension: string; factor: number; power: number }> = {
  s: { dimension: 's', factor: 1, power: 1 },
  J: { dimension: 'J', factor: 1, power: 1 },
  W: { dimension: 'W', factor: 1, power: 1 },
  Hz: { dimension: 'Hz', factor: 1, power: 1 },
  V: { dimension: 'V', factor: 1, power: 1 },
  A: { dimension: 'A', factor: 1, power: 1 },
  S: { dimension: 'S', factor: 1, power: 1 },
  F: { dimension: 'F', factor: 1, power: 1 },
  ohm: { dimension: 'ohm', factor: 1, power: 1 },
  m2: { dimension: 'm2', factor: 1, power: 2 },
  m: { dimension: 'm', factor: 1, power: 1 },
  bit: { dimension: 'bit', factor: 1, power: 1 },
  B: { dimension: 'B', factor: 1, power: 1 },
  KiB: { dimension: 'B', factor: 1024, power: 1 },
  MiB: { dimension: 'B', factor: 1024 ** 2, power: 1 },
  GiB: { dimension: 'B', factor: 1024 * 1024 ** 2, power: 1 },
  '%': { dimension: '%', factor: 0.01, power: 1 },
  LSB: { dimension: 'LSB', factor: 1, power: 1 }, // a step of an ADC
  K: { dimension: 'K', factor: 1, power: 1 },
};

/** The dimensions that a quantity may have, each with an example for error messages. */
export const DIMENSIONS = {
  s: '3.3 us',
  J: '1.5 pJ',
  W: '0.1 mW',
  Hz: '1 GHz',
  V: '0.9 V',
  A: '5 uA',
  S: '10 uS',
  F: '2 fF',
  ohm: '100 kohm',
  m: '32 nm',
  m2: '0.03 mm2',
  bit: '128 bit',
  B: '64 KiB',
  '%': '10 %',
  LSB: '0.5 LSB',
  K: '300 K',
  'J/bit': '8 pJ/bit',
  'J/bit/m': '0.0324 pJ/bit/mm',
  's/m': '1 ns/mm',
  'm2/bit': '0.26 um2/bit',
  'W/bit': '0.113 mW/bit',
  'W/B': '0.255 uW/KiB',
  'W/bit/m': '0.34 uW/bit/mm',
  'B/s': '25.6 GB/s',
} as const;
export type Dimension = keyof typeof DIMENSIONS;

/** The spellings of a base dimension such as "J", with the prefixes that people use. */
export const unitNames = (dimension: string): readonly string[] =>
  Object.entries(BASE).flatMap(([name, base]) => {
    if (base.dimension !== dimension) return [];
    return base.factor === 1 ? Object.keys(PREFIX).map(prefix => prefix + name) : [name];
  });

/** One unit such as "pJ" or "mm2": its base dimension and its factor to SI. */
function parseUnit(text: string): { dimension: string; factor: number } | undefined {
  for (const [name, base] of Object.entries(BASE)) {
    if (!text.endsWith(name)) continue;
    const prefix = text.slice(0, -name.length);
    if (prefix !== '' && (base.factor !== 1 || name === '%')) continue;
    const scale = PREFIX[prefix];
    if (scale !== undefined)
      return { dimension: base.dimension, factor: pow(scale, base.power) * base.factor };
  }
  return undefined;
}

/**
 * Parses "25.096 pJ" as a quantity of `dimension`; undefined if it is not one.
 * Factors of ten and the decimal digits are combined before the conversion to binary, so that
 * "25.096 pJ" is the double nearest to 25.096e-12.
 */
export function parseQuantity(text: string, dimension: Dimension): number | undefined {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S+)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, digits, unit] = match;
  let factor = 1;
  const dimensions: string[] = [];
  for (const [i, name] of unit.split('/').entries()) {
    const part = parseUnit(name);
    if (part === undefined) return undefined;
    factor = i === 0 ? factor * part.factor : factor / part.factor;
    dimensions.push(part.dimension);
  }
  if (dimensions.join('/') !== dimension) return undefined;
  const exponent = Math.round(log10(factor));
  const isPowerOfTen = Math.abs(factor / Number(`1e${exponent}`) - 1) < 1e-12;
  const value = isPowerOfTen ? Number(shiftDecimal(digits, exponent)) : Number(digits) * factor;
  return Number.isFinite(value) ? value : undefined;
}

/** A regular expression of what `parseQuantity` takes, for editors that check files as they are typed. */
export function quantityPattern(dimension: Dimension): string {
  const prefix = `[${Object.keys(PREFIX).join('')}]?`;
  const parts = dimension.split('/').map(part => {
    if (part === '%') return part;
    return part === 'B' ? `(${prefix}B|[KMG]iB)` : prefix + part;
  });
  return `^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*${parts.join('/')}\\s*$`;
}

/** Adds `shift` to the decimal exponent of a number written in digits. */
function shiftDecimal(digits: string, shift: number): string {
  const [mantissa, exponent = '0'] = digits.toLowerCase().split('e');
  return `${mantissa}e${Number(exponent) + shift}`;
}

/** Units in SI: a value in one of them times the constant is a number of the code. */
export const FJ = 1e-15;
export const PJ = 1e-12;
export const PS = 1e-12;
export const NS = 1e-9;
export const NM = 1e-9;
export const UW = 1e-6;
export const MW = 1e-3;
export const UM2 = 1e-12;
export const MM2 = 1e-6;
/** The other way, for tables: how many of the small unit are one of SI (binary: 1e12 is no exact inverse of 1e-12). */
export const PER_MILLI = 1e3;
export const PER_MICRO = 1e6;
export const PER_NANO = 1e9;
export const PER_PICO = 1e12;
export const PER_FEMTO = 1e15;
export const MM2_PER_M2 = 1e6;
export const UM2_PER_M2 = 1e12;
export const GIGA = 1e9;
export const TERA = 1e12;
/** EDAP as the field's tables print it: mJ ms mm2 of one J s m2, and back. */
export const MJ_MS_MM2 = 1e12;
export const J_S_M2 = 1e-12;

const ENGINEERING: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'u'],
  [1e-9, 'n'],
  [1e-12, 'p'],
  [1e-15, 'f'],
];

/** "1.83 uJ": a number for people, with an engineering prefix and `digits` significant digits; whole KiB stay whole. */
export function formatQuantity(value: number, unit: string, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return `${value} ${unit}`.trim();
  if (unit === '%') return `${significant(value * 100, digits)} %`;
  if (unit.startsWith('m2')) return `${significant(value * 1e6, digits)} m${unit}`;
  if (unit === 'B' && value % 1024 === 0) {
    const [size, unit] = value % 1024 ** 2 === 0 ? [1024 ** 2, 'MiB'] : [1024, 'KiB'];
    return `${value / size} ${unit}`;
  }
  const [scale, prefix] =
    ENGINEERING.find(([s]) => Math.abs(value) >= s * 0.99999) ?? ENGINEERING[ENGINEERING.length - 1];
  return `${significant(value / scale, digits)} ${prefix}${unit}`.trim();
}

/** At least `digits` significant digits, never an exponent for numbers between 0.001 and 1e9. */
export function significant(value: number, digits: number): string {
  const magnitude = Number(value.toExponential(digits - 1).split('e')[1]);
  if (magnitude < -4 || magnitude > 9) return value.toExponential(digits - 1);
  return value.toFixed(Math.max(0, digits - 1 - magnitude));
}
