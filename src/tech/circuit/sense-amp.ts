/**
 * Current-mode sense amplifiers of a flash converter, as NeuroSim V1.4 tabulates its circuit simulations of them over
 * nodes (MultilevelSenseAmp.cpp): 2^b - 1 amplifiers, each with a mirror of the column's current and one of a reference's.
 */
import type { Column } from './node-tables.ts';
import { over, valueAt } from './node-tables.ts';

/** Large currents: the amplifier's own time falls with the resistance of what it senses, below this many ohm. */
const LARGE_CURRENT_OHM = 4832;

const TABLE = {
  // A small current charges the load: base + R (own + share x (column + gates of the mirrors)).
  base_s: over(1e-9, {
    3: 0.605,
    5: 0.647,
    7: 0.702,
    10: 0.728,
    14: 0.818,
    22: 0.852,
    32: 1.195,
    45: 1.603,
    65: 2.143,
    90: 2.311,
    130: 2.606,
  }),
  own_F: over(1e-15, {
    3: 1.45,
    5: 1.75,
    7: 2.23,
    10: 1.63,
    14: 2.86,
    22: 4.47,
    32: 5.77,
    45: 6.95,
    65: 8.63,
    90: 12.9,
    130: 17.5,
  }),
  share: over(1, {
    3: 0.94,
    5: 1.01,
    7: 1.04,
    10: 1.52,
    14: 1.16,
    22: 0.789,
    32: 0.882,
    45: 0.924,
    65: 0.948,
    90: 0.857,
    130: 0.766,
  }),
  gate_F: over(1e-15, {
    3: 0.0726,
    5: 0.0819,
    7: 0.1005,
    10: 0.0975,
    14: 0.1038,
    22: 0.0629,
    32: 0.108,
    45: 0.176,
    65: 0.311,
  }),
  // A large one: most - fall x ln(R / 1 ohm).
  large_s: over(1e-9, {
    3: 0.905,
    5: 0.98,
    7: 1.037,
    10: 1.186,
    14: 1.218,
    22: 1.755,
    32: 2.032,
    45: 2.168,
    65: 2.255,
    90: 2.432,
    130: 2.542,
  }),
  fall_s: over(1e-9, {
    3: 0.0363,
    5: 0.0433,
    7: 0.0467,
    10: 0.072,
    14: 0.0701,
    22: 0.1321,
    32: 0.1318,
    45: 0.113,
    65: 0.0811,
    90: 0.1089,
    130: 0.1186,
  }),
  // A mirror of a column of R draws slope x ln(off / R), and no more than `most`: its input no longer follows.
  most_W: over(1e-6, {
    3: 0.0296,
    5: 0.0331,
    7: 0.0474,
    10: 0.0554,
    14: 0.0535,
    22: 0.917,
    32: 0.42,
    45: 0.344,
    65: 0.483,
    90: 0.855,
    130: 1.485,
  }),
  slope_W: over(1e-6, {
    3: 0.00509,
    5: 0.00577,
    7: 0.00849,
    10: 0.00999,
    14: 0.00965,
    22: 0.1631,
    32: 0.0729,
    45: 0.0566,
    65: 0.0803,
    90: 0.1507,
    130: 0.2662,
  }),
  off_ohm: over(1e6, {
    3: 5.67,
    5: 5.02,
    7: 3.45,
    10: 3.16,
    14: 3.19,
    22: 0.594,
    32: 1.313,
    45: 2.24,
    65: 1.96,
    90: 1.024,
    130: 0.658,
  }),
  // HP: a constant bias an amplifier, and a column's own current times V2.
  hpBias_W: over(1e-6, { 22: 1.894, 32: 3.965, 45: 7.702, 65: 9.958, 90: 13.09, 130: 19.9 }),
  hpColumn_V2: over(1, { 22: 0.073, 32: 0.079, 45: 0.0754, 65: 0.1083, 90: 0.149, 130: 0.1745 }),
} as const satisfies Record<string, Column>;

/** Gates of one sense amplifier and its latch, 32 nm: what is left of twelve runs of flash converters once currents and lines are taken off. */
export const SENSE_AMPLIFIER = { energy_J: 1.8e-15, area_F2: 2500 };

/** Constants of a node's sense amplifier: see the table. */
export type SenseAmp = { readonly [name in keyof typeof TABLE]: number };

const known = new Map<number, SenseAmp>();
const MOST_KNOWN = 64;

export function senseAmp(node_m: number): SenseAmp {
  const found = known.get(node_m);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const entries = Object.entries(TABLE).map(([name, column]) => [name, valueAt(column, node_m)] as const);
  const constants = Object.fromEntries(entries) as SenseAmp;
  known.set(node_m, constants);
  return constants;
}

/** Time to tell a current through `ohm` from its neighbour, with `load_F` at the column. */
export function senseTime_s(amp: SenseAmp, ohm: number, load_F: number): number {
  if (ohm < LARGE_CURRENT_OHM) return amp.large_s - amp.fall_s * Math.log(ohm);
  return amp.base_s + ohm * (amp.own_F + amp.share * load_F);
}

/** Power of one mirror of a column of `column_S`; 0 for one that conducts nothing. */
export function mirror_W({ most_W, slope_W, off_ohm }: SenseAmp, column_S: number): number {
  const ratio = column_S * off_ohm;
  return ratio <= 1 ? 0 : Math.min(most_W, slope_W * Math.log(ratio));
}

/** The mean of `mirror_W` over references that are spread evenly from 0 to `largest_S`. */
export function meanMirror_W({ most_W, slope_W, off_ohm }: SenseAmp, largest_S: number): number {
  const largest = largest_S * off_ohm;
  if (largest <= 1) return 0;
  const saturated = Math.exp(most_W / slope_W);
  const end = Math.min(largest, saturated);
  const rising = slope_W * (end * Math.log(end) - end + 1);
  return (rising + most_W * (largest - end)) / largest;
}
