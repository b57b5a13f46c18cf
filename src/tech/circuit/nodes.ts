/**
 * Constants of CMOS nodes from 65 to 22 nm, as NeuroSim V1.4 tabulates them (Technology.cpp, Param.cpp), and what its
 * sub-array runs and CACTI 7 show about a node; between nodes they are interpolated on logarithmic scales.
 */

export type Roadmap = 'LSTP' | 'HP';

/** Nodes inside which the constants are interpolated; beyond it they are extrapolated, as far as NODE_LIMITS_M. */
export const NODE_RANGE_M = { min: 22e-9, max: 65e-9 } as const;
export const NODE_LIMITS_M = { min: 14e-9, max: 130e-9 } as const;

/** Wires of a crossbar: 0.2 fF/um at every node (NeuroSim). */
export const WIRE_CAPACITANCE_F_PER_M = 0.2e-9;
/** Gate capacitance of a switch per width, from the energy of NeuroSim's row switches. */
export const GATE_CAPACITANCE_F_PER_M = 0.87e-9;

/** LSTP constants; what HP changes stands in `hp` as factors, from the coefficients of CACTI's memories at that node. */
export interface NodeConstants {
  readonly node_m: number;
  readonly vdd_V: number;
  /** Usual read voltage of a resistive cell. */
  readonly readVoltage_V: number;
  /** On-current of an n-channel transistor per width, LSTP. */
  readonly onCurrent_A_per_m: number;
  readonly wireWidth_m: number;
  readonly wireAspect: number;
  readonly resistivity_ohm_m: number;
  /** Standby power of peripheral logic per area. */
  readonly leakage_W_per_m2: number;
  /** Standby power of a 6T cell. */
  readonly sramLeakage_W: number;
  /** Time in which one column group's switches turn on, per siemens of all cells (NeuroSim's decoder drives them at once). */
  readonly muxDelay_s_per_S: number;
  /** Power of NeuroSim's SAR ADC: per bit, constant, and per siemens of a column at 0.5 V. */
  readonly sarPerBit_W: number;
  readonly sarBase_W: number;
  readonly sarColumn_V2: number;
  /** HP over LSTP: energy, delay and leakage. */
  readonly hpEnergy: number;
  readonly hpDelay: number;
  readonly hpLeakage: number;
}

type Row = readonly number[];

/** Columns as the fields of NodeConstants, then the HP row of the SAR ADC. 65 nm: the last two before the ADC extrapolated. */
const TABLE: readonly Row[] = [
  // node, vdd, vread, ion, wire, aspect, rho, leak/area, 6T leak, mux delay, SAR (LSTP), HP factors, SAR (HP)
  [
    22, 0.85, 0.55, 792, 40, 1.9, 2.97, 15.4, 3.8, 0.000125, 0.538, 4.3753, 0.0723, 0.961, 0.199, 286, 0.7213,
    3.3041, 0.0843,
  ],
  [
    32, 0.9, 0.51, 600, 56, 1.8, 2.63, 12.1, 5.6, 0.02295, 1.1294, 8.8998, 0.0794, 0.854, 0.228, 1431, 1.0157,
    7.6286, 0.0837,
  ],
  [
    45, 1.0, 0.51, 500, 80, 1.7, 2.37, 10.2, 8.8, 0.03613, 2.1691, 16.693, 0.1002, 0.936, 0.232, 5667, 2.1843,
    11.931, 0.0978,
  ],
  [
    65, 1.1, 0.55, 400, 105, 1.7, 2.21, 8.3, 13.5, 0.0589, 3.7506, 25.844, 0.1213, 0.844, 0.264, 4690, 2.9503,
    22.047, 0.1285,
  ],
];
/** From the table's units to SI. */
const UNITS: Row = [1e-9, 1, 1, 1, 1e-9, 1, 1e-8, 1, 1e-12, 1e-6, 1e-6, 1e-6, 1, 1, 1, 1, 1e-6, 1e-6, 1];

export const TABULATED_NODES_M: readonly number[] = TABLE.map(([nm]) => Number(`${nm}e-9`));

let last:
  | { readonly node_m: number; readonly roadmap: Roadmap; readonly constants: NodeConstants }
  | undefined;

/** Constants at `node_m`: the table's own values at a tabulated node, log-log lines between and beyond. */
export function nodeConstants(node_m: number, roadmap: Roadmap): NodeConstants {
  if (last?.node_m === node_m && last.roadmap === roadmap) return last.constants;
  const constants = interpolate(node_m, roadmap);
  last = { node_m, roadmap, constants };
  return constants;
}

function interpolate(node_m: number, roadmap: Roadmap): NodeConstants {
  const upper = TABULATED_NODES_M.findIndex((node, i) => i > 0 && node_m <= node);
  const i = upper < 0 ? TABLE.length - 1 : upper;
  const [below, above] = [TABLE[i - 1], TABLE[i]];
  const [from, to] = [TABULATED_NODES_M[i - 1], TABULATED_NODES_M[i]];
  const share = node_m === from ? 0 : node_m === to ? 1 : Math.log(node_m / from) / Math.log(to / from);
  const at = (column: number): number => {
    if (share === 0) return below[column] * UNITS[column];
    if (share === 1) return above[column] * UNITS[column];
    return below[column] * (above[column] / below[column]) ** share * UNITS[column];
  };
  const sar = roadmap === 'HP' ? 16 : 10;
  return {
    node_m,
    vdd_V: at(1),
    readVoltage_V: at(2),
    onCurrent_A_per_m: at(3),
    wireWidth_m: at(4),
    wireAspect: at(5),
    resistivity_ohm_m: at(6),
    leakage_W_per_m2: at(7),
    sramLeakage_W: at(8),
    muxDelay_s_per_S: at(9),
    sarPerBit_W: at(sar),
    sarBase_W: at(sar + 1),
    sarColumn_V2: at(sar + 2),
    hpEnergy: at(13),
    hpDelay: at(14),
    hpLeakage: at(15),
  };
}

/** Resistance and capacitance of a wire of `length_m` on the crossbar's metal layer. */
export function wire(
  node: NodeConstants,
  length_m: number,
): { resistance_ohm: number; capacitance_F: number } {
  const { resistivity_ohm_m, wireWidth_m, wireAspect } = node;
  return {
    resistance_ohm: (resistivity_ohm_m * length_m) / (wireWidth_m ** 2 * wireAspect),
    capacitance_F: WIRE_CAPACITANCE_F_PER_M * length_m,
  };
}
