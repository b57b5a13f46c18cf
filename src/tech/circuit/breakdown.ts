/** A figure of a crossbar with the components that make it up. */

/** The components of a crossbar that may carry area, energy or leakage, in the order in which a signal meets them. */
export const COMPONENTS = [
  'driver',
  'dac',
  'levelShifter',
  'array',
  'cells',
  'columnSwitch',
  'mux',
  'sampleHold',
  'merge',
  'adc',
  'adderTree',
  'shiftAdd',
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** One component's share, in the SI unit that the figure's name carries. */
export interface Part<Name extends string = string> {
  readonly component: Name;
  readonly value: number;
}

/** A whole that is the sum of its parts. */
export interface Breakdown<Name extends string = string> {
  readonly total: number;
  readonly parts: readonly Part<Name>[];
}

/** Sums parts; those of no value are left out. */
export function breakdown<Name extends string>(parts: readonly Part<Name>[]): Breakdown<Name> {
  let total = 0;
  for (const part of parts) total += part.value;
  return { total, parts: parts.filter(part => part.value !== 0) };
}

/** The value of one component; 0 where it has no part in the figure. */
export const partOf = (figure: Breakdown, component: string): number =>
  figure.parts.find(part => part.component === component)?.value ?? 0;
