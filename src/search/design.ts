/** The space of the free search: which encoders reuse attention, what each one's crossbars are made of, which share of the patches goes on into it, and how many bits the ADCs have. */

import type { Genome } from '../pareto/nsga2.ts';
import type { Devices } from '../tech/devices.ts';
import type { Device } from '../tech/schema.ts';
import { type ReusePlan, reusePlan } from '../workload/reuse.ts';
import { type Keep, keepText } from './keep.ts';

/** What a design may be made of. */
export interface DesignSpace {
  readonly encoders: number;
  /** Those that can reuse attention, as `reuseSpace` finds them. */
  readonly able: readonly number[];
  /** What an encoder's crossbars may be made of; the first is what reuse encoders have in place of arrays for K^T and V. */
  readonly devices: readonly { readonly name: string; readonly device: Device }[];
  /** Of all ADCs of a chip. */
  readonly adcBits: readonly number[];
  /** Shares of the patches that may go on into an encoder; the first is 1. */
  readonly keep: readonly number[];
}

/** Choices by encoder are numbers of `devices`. */
export interface Design {
  readonly plan: ReusePlan;
  readonly static: readonly number[];
  readonly dynamic: readonly number[];
  readonly adcBits: number;
  readonly keep: Keep;
}

/** Genes: reuse of encoders 1 and up, devices of known weights, devices of run-time matrices, ADC bits; where patches may go, shares of encoders 1 and up. */
export const choicesOf = ({ encoders, able, devices, adcBits, keep }: DesignSpace): number[] => [
  ...Array.from({ length: encoders - 1 }, (_, i) => (able.includes(i + 1) ? 2 : 1)),
  ...new Array<number>(2 * encoders).fill(devices.length),
  adcBits.length,
  ...(keep.length > 1 ? new Array<number>(encoders - 1).fill(keep.length) : []),
];

/**
 * A reuse encoder has no run-time matrices: its choice of their device is taken away. Nor can patches go before it: what it
 * takes over has a row for each.
 */
export function repaired(genome: Genome, { encoders }: DesignSpace): Genome {
  const dynamicAt = 2 * encoders - 1;
  const keepAt = 3 * encoders;
  return genome.map((gene, i) => {
    const encoder = i >= keepAt ? 1 + i - keepAt : i - dynamicAt;
    return encoder >= 1 && encoder < encoders && genome[encoder - 1] === 1 ? 0 : gene;
  });
}

/** The design that a genome stands for. */
export function designOf(genome: Genome, { encoders, adcBits, keep }: DesignSpace): Design {
  const reused = genome.slice(0, encoders - 1).flatMap((gene, i) => (gene === 1 ? [i + 1] : []));
  return {
    plan: reusePlan(reused, encoders),
    static: genome.slice(encoders - 1, 2 * encoders - 1),
    dynamic: genome.slice(2 * encoders - 1, 3 * encoders - 1),
    adcBits: adcBits[genome[3 * encoders - 1]],
    keep: Array.from({ length: encoders }, (_, e) => keep[genome[3 * encoders - 1 + e]] ?? 1).with(0, 1),
  };
}

/** One device and all patches everywhere: a uniform pattern on a chip of one technology. */
export function plainGenome(
  plan: ReusePlan,
  device: number,
  bits: number,
  { encoders, adcBits, keep }: DesignSpace,
): Genome {
  const reuse = Array.from({ length: encoders - 1 }, (_, i) => (plan.encoders.includes(i + 1) ? 1 : 0));
  const dynamic = Array.from({ length: encoders }, (_, i) => (plan.encoders.includes(i) ? 0 : device));
  return [
    ...[...reuse, ...new Array<number>(encoders).fill(device), ...dynamic, adcBits.indexOf(bits)],
    ...(keep.length > 1 ? new Array<number>(encoders - 1).fill(0) : []),
  ];
}

/** The devices of a chip: the first everywhere, with exceptions by encoder. */
export function devicesOf(design: Design, space: DesignSpace): Devices {
  const all = space.devices.map(({ device }) => withBits(device, design.adcBits));
  const layers = Array.from({ length: space.encoders }, (_, e) => [
    { match: `e${e}.qk`, device: all[design.dynamic[e]] },
    { match: `e${e}.sv`, device: all[design.dynamic[e]] },
    { match: `e${e}.*`, device: all[design.static[e]] },
  ]).flat();
  return { static: all[0], dynamic: all[0], layers };
}

/** The same with other shares of patches, all of them of the space. */
export const withKeep = (genome: Genome, keep: Keep, space: DesignSpace): Genome => [
  ...genome.slice(0, 3 * space.encoders),
  ...keep.slice(1).map(share => space.keep.indexOf(share)),
];

/** A device with other ADCs. @throws RangeError for published totals, which say nothing of other ADCs. */
export function withBits(device: Device, bits: number): Device {
  if (device.level !== 'circuit') throw new RangeError('other ADC bits need a technology by its circuits');
  return { ...device, adc: { ...device.adc, bits } };
}

/** "reuse 2 4; weights FFSFF; K, V FF-F-; 6 bits; keep 3:0.7": one letter per encoder. */
export function designText(
  { plan, static: known, dynamic, adcBits, keep }: Design,
  { devices }: DesignSpace,
): string {
  const letter = (i: number): string => devices[i].name.charAt(0);
  const written = dynamic.map((device, e) => (plan.encoders.includes(e) ? '-' : letter(device)));
  const kept = keep.some(ratio => ratio < 1) ? `; keep ${keepText(keep)}` : '';
  return `reuse ${plan.encoders.join(' ') || 'none'}; weights ${known.map(letter).join('')}; K, V ${written.join('')}; ${adcBits} bits${kept}`;
}
