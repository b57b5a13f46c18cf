/**
 * Energy, delay and area of digital logic over nodes and supplies: the polynomials of Stillmaker and Baas (Integration 58,
 * 2017) down to 7 nm; 5 and 3 nm are those of 7 nm times what IRDS 2021 and 2022 say of gate capacitance and on-current.
 */
import { pow } from '../../base/math.ts';
import { PER_NANO } from '../../base/units.ts';

const AT_7NM = [-28.58, 76.6, -70.26, 24.69, 0.1776, -0.09097, 0.02447] as const;
/**
 * Over 7 nm at equal supply: delay C V / I and energy C V2 of one fin, 0.1005, 0.0819 and 0.0726 fF, 60, 61 and 65 uA with
 * effective resistances of 2.05, 2.10 and 2.14 V/I (NeuroSim V1.4 by IRDS). TSMC states 15 % more speed or 30 % less power
 * from 7 to 5 nm, 10 to 15 % or 25 to 30 % from 5 to 3 nm.
 */
const after7 = (nm: number, delayOver: number, energyOver: number): readonly number[] => [
  nm,
  ...AT_7NM.map((coefficient, i) => coefficient * (i < 4 ? delayOver : energyOver)),
];
/** HP rows: node in nm, a3 a2 a1 a0 of the delay, b2 b1 b0 of the energy. */
const POLYNOMIALS: readonly (readonly number[])[] = [
  after7(3, 0.7, 0.722),
  after7(5, 0.818, 0.815),
  [7, ...AT_7NM],
  [10, -34.95, 93.65, -85.99, 30.4, 0.2068, -0.09311, 0.02375],
  [14, -40.66, 109.2, -100.6, 35.92, 0.2363, -0.09675, 0.02239],
  [16, 0, 24.8, -47.52, 28.87, 0.2958, -0.1241, 0.03024],
  [20, 0, 34.63, -66.37, 41.15, 0.373, -0.1582, 0.04104],
  [32, -1047, 2982, -2797, 873.5, 0.8367, -0.4341, 0.1701],
  [45, -501.6, 1567, -1619, 566.1, 1.018, -0.3107, 0.1539],
  [65, -53.3, 230.4, -333.9, 178.6, 3.755, -4.398, 1.975],
  [90, -60.34, 262.5, -384.2, 210.9, 4.762, -4.781, 2.092],
  [130, -76.65, 334.9, -493.4, 275.8, 7.171, -6.709, 2.904],
];
/**
 * Area of logic over that at 32 nm: 1/0.072 at 130, 1/0.16, 1/0.31, 1/0.46, then 0.46, 0.41, 0.38, 0.22, 0.13; 5 and 3 nm
 * over 7 nm by cell height x gate pitch: 36 x 10.2 and 48 x 16 F2 (IRDS) over 34.3 x 8.14 F2 (TSMC).
 */
const AREAS: readonly (readonly [number, number])[] = [
  [3, 0.0657],
  [5, 0.0873],
  [7, 0.13],
  [10, 0.22],
  [14, 0.38],
  [16, 0.41],
  [20, 0.46],
  [32, 1],
  [45, 1 / 0.46],
  [65, 1 / 0.31],
  [90, 1 / 0.16],
  [130, 1 / 0.072],
];

/** A node with its supply. */
export interface Corner {
  readonly node_m: number;
  readonly vdd_V: number;
}

/** Factor from an energy at `from` to one at `to`; 1 for the same corner. */
export const energyFactor = (from: Corner, to: Corner): number =>
  same(from, to) ? 1 : at(to, energy) / at(from, energy);

/** Factor from a delay at `from` to one at `to`; 1 for the same corner. */
export const delayFactor = (from: Corner, to: Corner): number =>
  same(from, to) ? 1 : at(to, delay) / at(from, delay);

/** Factor from an area of logic at `from_m` to one at `to_m`; 1 for the same node. */
export function areaFactor(from_m: number, to_m: number): number {
  if (from_m === to_m) return 1;
  const table = AREAS.map(([node, area]) => [node, area] as const);
  return interpolated(table, to_m) / interpolated(table, from_m);
}

const same = (a: Corner, b: Corner): boolean => a.node_m === b.node_m && a.vdd_V === b.vdd_V;

const energy = ([, , , , , b2, b1, b0]: readonly number[], v: number): number => (b2 * v + b1) * v + b0;

const delay = ([, a3, a2, a1, a0]: readonly number[], v: number): number => ((a3 * v + a2) * v + a1) * v + a0;

/** A polynomial at a corner: log-log between the two nodes around it, both at the corner's supply. */
const at = ({ node_m, vdd_V }: Corner, of: (row: readonly number[], v: number) => number): number => {
  const i = segment(POLYNOMIALS, node_m);
  const [below, above] = [POLYNOMIALS[i - 1], POLYNOMIALS[i]];
  return between([below[0], of(below, vdd_V)], [above[0], of(above, vdd_V)], node_m);
};

function interpolated(table: readonly (readonly [number, number])[], node_m: number): number {
  const i = segment(table, node_m);
  return between(table[i - 1], table[i], node_m);
}

/** Index of the upper end of the table's segment that `node_m` lies in; the last or first one beyond the ends. */
function segment(table: readonly (readonly number[])[], node_m: number): number {
  let i = 1;
  while (i < table.length - 1 && node_m * PER_NANO > table[i][0]) i++;
  return i;
}

function between(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  node_m: number,
): number {
  const share = Math.log((node_m * PER_NANO) / x0) / Math.log(x1 / x0);
  return y0 * pow(y1 / y0, share);
}
