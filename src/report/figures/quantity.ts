/** Numbers as figures and pages show them, in the unit that the name of a figure ends in. */
import { formatQuantity, MJ_MS_MM2, significant } from '../../base/units.ts';

interface Unit {
  readonly unit: string;
  /** From SI to what is shown. */
  readonly factor: number;
}

const UNITS: readonly (readonly [suffix: string, unit: Unit])[] = [
  ['_Jsm2', { unit: 'mJ ms mm2', factor: MJ_MS_MM2 }],
  ['_Js', { unit: 'J s', factor: 1 }],
  ['_m2', { unit: 'm2', factor: 1 }],
  ['_Hz', { unit: 'Hz', factor: 1 }],
  ['_s', { unit: 's', factor: 1 }],
  ['_J', { unit: 'J', factor: 1 }],
  ['_W', { unit: 'W', factor: 1 }],
];

/** Of a figure, or of a mean or percentile of it: `latency_s`, `latency_s.p99`. */
const suffixOf = (name: string): (typeof UNITS)[number] | undefined =>
  UNITS.find(([suffix]) => name.endsWith(suffix)) ?? UNITS.find(([suffix]) => name.includes(`${suffix}.`));

/** "32.22 ms" of `latency_s`; a number alone where the name ends in no unit. */
export function shown(name: string, value: number, digits = 4): string {
  const unit = suffixOf(name)?.[1];
  if (unit === undefined) return bare(value, digits);
  if (unit.factor !== 1) return `${bare(value * unit.factor, digits)} ${unit.unit}`;
  return trimmed(formatQuantity(value, unit.unit, digits));
}

/** Without a unit; whole numbers stay whole. */
export const bare = (value: number, digits = 4): string =>
  value === 0 || !Number.isFinite(value)
    ? String(value)
    : Number.isInteger(value) && Math.abs(value) < 1e9
      ? String(value)
      : trimmed(significant(value, digits));

/** "1.500 ms" is "1.5 ms". */
const trimmed = (text: string): string =>
  text.replace(/(\.\d*?)0+(?=e| |$)/, '$1').replace(/\.(?=e| |$)/, '');

const TITLES: Readonly<Record<string, string>> = { topsPerWatt: 'TOPS/W', topsPerMm2: 'TOPS/mm2' };

/** The name of a figure for people: "latency", "EDAP". */
export function titleOf(name: string): string {
  if (Object.hasOwn(TITLES, name)) return TITLES[name];
  const suffix = suffixOf(name)?.[0] ?? '';
  const stem = name.endsWith(suffix)
    ? name.slice(0, name.length - suffix.length)
    : name.replace(`${suffix}.`, ' ');
  return /^(edp|edap|tops)$/i.test(stem) ? stem.toUpperCase() : stem.replaceAll('_', ' ');
}
