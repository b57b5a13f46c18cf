/**
 * Tables over CMOS nodes and lines between them. From 65 to 22 nm: NeuroSim V1.4 (Technology.cpp, Param.cpp, SarADC.cpp),
 * what its sub-array runs show, and CACTI 7. From 14 nm down its FinFETs (IRDS 2016 to 2022) where a value is one of
 * transistors, wires or converters, and published scaling of logic (Stillmaker and Baas) where it is one of energy.
 */
import { pow } from '../../base/math.ts';
import { PER_NANO } from '../../base/units.ts';

/** A constant over nodes in nm, with the factor from its unit to SI. */
export interface Column {
  readonly unit: number;
  /** Ascending in the node. */
  readonly at: readonly (readonly [nm: number, value: number])[];
}

/** What columns have given, by the node in m; of so many nodes at most. */
const known = new WeakMap<Column, Map<number, number>>();
const MOST_KNOWN = 256;

/** A column of values by their nodes, in nm. */
export function over(unit: number, values: Readonly<Record<number, number>>): Column {
  const at = Object.entries(values).map(([nm, value]) => [Number(nm), value] as const);
  return { unit, at: at.sort(([a], [b]) => a - b) };
}

/** The table's own value at a tabulated node, log-log lines between and beyond. */
export function valueAt(column: Column, node_m: number): number {
  let values = known.get(column);
  const before = values?.get(node_m);
  if (before !== undefined) return before;
  if (values === undefined || values.size >= MOST_KNOWN) known.set(column, (values = new Map()));
  const value = lineAt(column, node_m);
  values.set(node_m, value);
  return value;
}

function lineAt({ unit, at }: Column, node_m: number): number {
  const nm = node_m * PER_NANO;
  const exact = at.find(([node]) => Math.abs(node / nm - 1) < 1e-9);
  if (exact !== undefined) return exact[1] * unit;
  const upper = at.findIndex(([node], i) => i > 0 && nm <= node);
  const i = upper < 0 ? at.length - 1 : upper;
  const [[x0, y0], [x1, y1]] = [at[i - 1], at[i]];
  return y0 * pow(y1 / y0, Math.log(nm / x0) / Math.log(x1 / x0)) * unit;
}

/** Nodes at which the transistors of NeuroSim stand. */
export const NODES_NM = [3, 5, 7, 10, 14, 22, 32, 45, 65] as const;

/**
 * Below 22 nm a width is that of a layout: fins side by side at their pitch, each 92 to 107 nm wide (IRDS), their
 * on-current over the larger effective resistance (2.05 to 2.14 V/I, else 1.77). At 22 nm NeuroSim sizes the switches of
 * rows and multiplexers otherwise than at the other nodes, 110 times larger at the drivers of the latter.
 */
export const TABLE = {
  vdd_V: over(1, { 3: 0.7, 5: 0.7, 7: 0.7, 10: 0.75, 14: 0.8, 22: 0.85, 32: 0.9, 45: 1.0, 65: 1.1 }),
  readVoltage_V: over(1, {
    3: 0.248,
    5: 0.253,
    7: 0.264,
    10: 0.28,
    14: 0.277,
    22: 0.55,
    32: 0.51,
    45: 0.51,
    65: 0.55,
  }),
  onCurrent_A_per_m: over(1, {
    3: 2233,
    5: 1846,
    7: 1731,
    10: 1381,
    14: 966,
    22: 792,
    32: 600,
    45: 500,
    65: 400,
  }),
  // One transistor of least width: F wide, from 14 nm down one fin.
  cellCurrent_A: over(1e-6, {
    3: 53.6,
    5: 51.7,
    7: 51.9,
    10: 49.7,
    14: 46.4,
    22: 17.42,
    32: 19.2,
    45: 22.5,
    65: 26,
  }),
  cellGate_F: over(1e-18, {
    3: 36.1,
    5: 40.7,
    7: 49.9,
    10: 48.5,
    14: 51.6,
    22: 18.48,
    32: 26.88,
    45: 37.8,
    65: 54.6,
  }),
  cellDrain_F: over(1e-18, {
    3: 17.9,
    5: 20.8,
    7: 22.2,
    10: 26.7,
    14: 25,
    22: 31.02,
    32: 45.12,
    45: 63.45,
    65: 91.65,
  }),
  // Metal 0 from 14 nm down, its resistivity with the barrier.
  wireWidth_m: over(1e-9, { 3: 12, 5: 15, 7: 20, 10: 22, 14: 32, 22: 40, 32: 56, 45: 80, 65: 105 }),
  wireAspect: over(1, { 3: 2, 5: 2, 7: 2, 10: 2, 14: 2, 22: 1.9, 32: 1.8, 45: 1.7, 65: 1.7 }),
  resistivity_ohm_m: over(1e-8, {
    3: 8.44,
    5: 7.47,
    7: 5.56,
    10: 5.11,
    14: 4.04,
    22: 2.97,
    32: 2.63,
    45: 2.37,
    65: 2.21,
  }),
  // Standard cells over those of 22 nm and above, in F2: cell height x gate pitch of Samsung (14), TSMC (10, 7), IRDS (5, 3).
  logicArea: over(1, { 3: 7.2, 5: 3.45, 7: 2.62, 10: 1.99, 14: 2.15, 22: 1, 32: 1, 45: 1, 65: 1 }),
  leakage_W_per_m2: over(1, {
    3: 1040,
    5: 710,
    7: 514,
    10: 281,
    14: 105,
    22: 60.8,
    32: 48.5,
    45: 40.6,
    65: 32.5,
  }),
  sramLeakage_W: over(1e-12, {
    3: 22.7,
    5: 20.8,
    7: 22.4,
    10: 19,
    14: 15,
    22: 3.8,
    32: 5.6,
    45: 8.8,
    65: 14,
  }),
  // Of a gate that drives its like, C V / I of the least transistor over that at 32 nm.
  gateDelay: over(1, {
    3: 0.375,
    5: 0.44,
    7: 0.537,
    10: 0.58,
    14: 0.708,
    22: 0.605,
    32: 1,
    45: 1.54,
    65: 2.6,
  }),
  muxDelay_s_per_S: over(1e-6, { 3: 0.000125, 22: 0.000125, 32: 0.02295, 45: 0.03613, 65: 0.0548 }),
  // Stillmaker and Baas from 22 nm down to 7 nm; 5 and 3 nm by the gate capacitance of IRDS.
  logicEnergy: over(1, {
    3: 0.0863,
    5: 0.0974,
    7: 0.1195,
    10: 0.175,
    14: 0.24,
    22: 0.521,
    32: 1,
    45: 2.01,
    65: 4.08,
  }),
  switchCapacitance: over(1, {
    3: 1.52,
    5: 1.47,
    7: 1.69,
    10: 1.365,
    14: 1.09,
    22: 0.72,
    32: 1,
    45: 1.2,
    65: 1.39,
  }),
  currentSwitch: over(1, { 14: 1, 22: 14 / 6, 32: 1, 65: 1 }),
  gateSwitch: over(1, { 3: 3.33, 5: 1.67, 7: 0.5, 10: 0.5, 14: 0.5, 22: 0.5, 32: 1, 45: 1, 65: 1 }),
  levelShifter_F2: over(1, { 3: 21_275, 22: 21_275, 32: 21_643, 45: 24_897, 65: 24_897 }),
  hpEnergy: over(1, { 22: 0.533, 32: 0.525, 45: 0.433, 65: 0.487 }),
  hpDelay: over(1, { 22: 0.199, 32: 0.228, 45: 0.232, 65: 0.264 }),
  hpLeakage: over(1, { 22: 1000, 65: 1000 }),
} as const;

/** HP over LSTP at equal width, effective resistances of 1.54 and 1.77 V/I included. */
export const HP_CURRENT = over(1, { 22: 2.176, 32: 2.7, 45: 2.918, 65: 3.217 });

/** NeuroSim's SAR converter: W per bit, W, and V2 over the resistance of a column. */
export const SAR = {
  LSTP: {
    sarPerBit_W: over(1e-6, {
      3: 0.0333,
      5: 0.0645,
      7: 0.1061,
      10: 0.1823,
      14: 0.3132,
      22: 0.538,
      32: 1.1294,
      45: 2.1691,
      65: 3.7506,
      90: 5.9869,
      130: 8.4483,
    }),
    sarBase_W: over(1e-6, {
      3: 0.2849,
      5: 0.5511,
      7: 0.8847,
      10: 1.5073,
      14: 2.5681,
      22: 4.3753,
      32: 8.8998,
      45: 16.693,
      65: 25.844,
      90: 37.462,
      130: 65.243,
    }),
    sarColumn_V2: over(1, {
      3: 0.0388,
      5: 0.0388,
      7: 0.043555,
      10: 0.05158,
      14: 0.061085,
      22: 0.0723,
      32: 0.0794,
      45: 0.1002,
      65: 0.1213,
      90: 0.1443,
      130: 0.1694,
    }),
  },
  HP: {
    sarPerBit_W: over(1e-6, {
      22: 0.7213,
      32: 1.0157,
      45: 2.1843,
      65: 2.9503,
      90: 4.3474,
      130: 6.4806,
    }),
    sarBase_W: over(1e-6, { 22: 3.3041, 32: 7.6286, 45: 11.931, 65: 22.047, 90: 31.782, 130: 49.047 }),
    sarColumn_V2: over(1, {
      22: 0.0843,
      32: 0.0837,
      45: 0.0978,
      65: 0.1285,
      90: 0.1649,
      130: 0.207452,
    }),
  },
} as const;

/** Threshold voltage, LSTP and HP (PTM, as NeuroSim lists it); from 14 nm down assumed, between the two of IRDS. */
export const THRESHOLD = {
  LSTP: over(1, { 3: 0.25, 14: 0.25, 22: 0.42, 32: 0.442, 45: 0.464, 65: 0.502, 90: 0.501, 130: 0.466 }),
  HP: over(1, { 22: 0.209, 32: 0.194, 45: 0.171, 65: 0.166, 90: 0.146, 130: 0.128 }),
} as const;

/**
 * Leakage over temperature, (T/300 K)^2 exp(V/k (1/300 K - 1/T)): V from the off-currents at 300 and 400 K that NeuroSim
 * lists (32 nm LSTP: x 5.07 at 350 K, x 17.7 at 400 K, met within 0.5 % at 310 and 350 K).
 */
export const LEAKAGE_V = {
  LSTP: over(1, { 3: 0.439, 14: 0.439, 22: 0.2573, 32: 0.2376, 45: 0.2213, 65: 0.2034 }),
  HP: over(1, { 22: 0.095, 32: 0.092, 65: 0.0892 }),
} as const;

/** On-current over temperature, (300 K/T)^x, by NeuroSim's lists at 300 and 400 K. */
export const CURRENT_POWER = {
  LSTP: over(1, { 3: 1.58, 14: 1.58, 22: 1.587, 32: 2.044, 45: 2.39, 65: 2.735, 90: 2.795, 130: 2.794 }),
  HP: over(1, { 22: 0.985, 32: 0.927, 65: 0.722, 130: 0.794 }),
} as const;
