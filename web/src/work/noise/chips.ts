/** The chips of the view: what the sliders mean for a technology, as the words of `--set`. */

import type { Files } from 'trex-sim';
import { type LoadedTech, loadTechFrom } from 'trex-sim';
import type { Knobs } from './protocol.ts';

type Devices = NonNullable<LoadedTech['devices']>;
type Device = Devices['static'];

/** A device of a technology, and where its values stand. */
interface Part {
  readonly prefix: string;
  readonly device: Device;
  readonly isStatic: boolean;
}

function partsOf({ tech, devices }: LoadedTech): Part[] {
  if (devices === undefined) return [];
  const { static: known, dynamic } = devices;
  if (tech.level !== 'hybrid') return [{ prefix: 'tech.', device: known, isStatic: true }];
  return [
    { prefix: 'tech.static.', device: known, isStatic: true },
    { prefix: 'tech.dynamic.', device: dynamic, isStatic: false },
  ];
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(12))} %`;
const ohm = (value: number): string => `${Number(value.toPrecision(12))} ohm`;

/** A FeFET's exponent (Yale's set, as `tech/noise/drift.ts` cites it), where the file of an analog cell says nothing of drift. */
export const ASSUMED_NU = 0.1;

/** The overrides of one slider on one device; none where the device has nothing of the kind. */
const SETS: {
  readonly [K in keyof Required<Knobs>]: (value: NonNullable<Knobs[K]>, part: Part) => string[];
} = {
  adcBits: (bits, { prefix }) => [`${prefix}adc.bits=${bits}`],
  sigmaWrite: (sigma, { prefix, device: { noise } }) =>
    noise?.writeVariation !== undefined && 'sigma' in noise.writeVariation
      ? [`${prefix}noise.writeVariation.sigma=${percent(sigma)}`]
      : [],
  writeAll: (all, { prefix, device: { noise } }) =>
    noise?.writeVariation === undefined
      ? []
      : [`${prefix}noise.writeVariation.matrices=${all ? 'all' : 'dynamic'}`],
  sigmaRead: (sigma, { prefix, device: { noise } }) =>
    noise?.readVariation === undefined ? [] : [`${prefix}noise.readVariation.sigma=${percent(sigma)}`],
  drift_s: (time, { prefix, device: { noise }, isStatic }) => {
    // What is written at run time is read at once, and a bistable cell does not drift.
    if (!isStatic) return [];
    if (noise?.drift !== undefined) return [`${prefix}noise.drift.time=${time} s`];
    if (noise?.readVariation === undefined) return [];
    return [`${prefix}noise.drift={nu: ${ASSUMED_NU}, t0: 1 s, time: ${time} s}`];
  },
  wires: (times, { prefix, device: { noise } }) =>
    noise?.wires === undefined
      ? []
      : [
          `${prefix}noise.wires.row=${ohm(times * noise.wires.row)}`,
          `${prefix}noise.wires.column=${ohm(times * noise.wires.column)}`,
        ],
};

/** What `--set` must say for a technology to be as the sliders have it. @throws TrexError for a technology that is not there */
export function setsOf(files: Files, tech: string, knobs: Knobs): string[] {
  const parts = partsOf(loadTechFrom(files, tech));
  return (Object.keys(SETS) as (keyof Knobs)[]).flatMap(knob => {
    const value = knobs[knob];
    return value === undefined ? [] : parts.flatMap(part => SETS[knob](value as never, part));
  });
}
