/**
 * Constants of CMOS nodes from 65 to 22 nm, as NeuroSim V1.4 tabulates them (Technology.cpp, Param.cpp), and what its
 * sub-array runs and CACTI 7 show about a node; between nodes they are interpolated on logarithmic scales.
 */

export type Roadmap = 'LSTP' | 'HP';

/** Nodes inside which the constants are interpolated; beyond it they are extrapolated, as far as NODE_LIMITS_M. */
export const NODE_RANGE_M = { min: 22e-9, max: 65e-9 } as const;
export const NODE_LIMITS_M = { min: 14e-9, max: 130e-9 } as const;

/** Wires of a crossbar: 0.2 fF/um at every node (NeuroSim). */
const WIRE_CAPACITANCE_F_PER_M = 0.2e-9;
/** Gate capacitance of a switch per width at 32 nm, from the energy of NeuroSim's row switches. */
export const GATE_CAPACITANCE_F_PER_M = 0.87e-9;

/** LSTP constants; what HP changes stands in `hp` as factors, from the transistors of both roadmaps (PTM, as NeuroSim lists them). */
export interface NodeConstants {
  readonly node_m: number;
  readonly vdd_V: number;
  /** Usual read voltage of a resistive cell. */
  readonly readVoltage_V: number;
  /** On-current of an n-channel transistor per width; of HP times the ratio of the effective resistances at equal current. */
  readonly onCurrent_A_per_m: number;
  readonly wireWidth_m: number;
  readonly wireAspect: number;
  readonly resistivity_ohm_m: number;
  /** Standby power of registers and adders per area of shift-and-add. */
  readonly leakage_W_per_m2: number;
  /** Standby power of a 6T cell. */
  readonly sramLeakage_W: number;
  /** Time in which one column group's switches turn on, per siemens of all cells (NeuroSim's decoder drives them at once). */
  readonly muxDelay_s_per_S: number;
  /** Energy of registers and adders over that at 32 nm (LSTP). */
  readonly logicEnergy: number;
  /** Capacitance per width of the switches of a row over that at 32 nm. */
  readonly switchCapacitance: number;
  /** Width of a row's switch over NeuroSim's rule: where the row carries current, and where it drives gates. */
  readonly currentSwitch: number;
  readonly gateSwitch: number;
  /** Area of one level shifter, in F2: by steps, as its transistors are folded. */
  readonly levelShifter_F2: number;
  /** Power of NeuroSim's SAR ADC: per bit, constant, and per siemens of a column at 0.5 V. */
  readonly sarPerBit_W: number;
  readonly sarBase_W: number;
  readonly sarColumn_V2: number;
  /** HP over LSTP: energy of logic, delay (CACTI 7), leakage. */
  readonly hpEnergy: number;
  readonly hpDelay: number;
  readonly hpLeakage: number;
}

/** A constant at the tabulated nodes, with the factor from its unit to SI; log-log lines between and beyond. */
interface Column {
  readonly unit: number;
  readonly at: readonly [number, number, number, number];
}
const column = (unit: number, ...at: Column['at']): Column => ({ unit, at });

const NODES_NM = [22, 32, 45, 65] as const;

/**
 * NeuroSim's tables; below them what its runs at 22, 32 and 45 nm show, taken to 65 nm by what they rest on: gate
 * capacitance, on-current and supply of the transistors. At 22 nm it sizes the switches of rows and multiplexers
 * otherwise than at the other nodes, 110 times larger at the drivers of the latter.
 */
const TABLE = {
  vdd_V: column(1, 0.85, 0.9, 1.0, 1.1),
  readVoltage_V: column(1, 0.55, 0.51, 0.51, 0.55),
  onCurrent_A_per_m: column(1, 792, 600, 500, 400),
  wireWidth_m: column(1e-9, 40, 56, 80, 105),
  wireAspect: column(1, 1.9, 1.8, 1.7, 1.7),
  resistivity_ohm_m: column(1e-8, 2.97, 2.63, 2.37, 2.21),
  leakage_W_per_m2: column(1, 60.8, 48.5, 40.6, 32.5),
  sramLeakage_W: column(1e-12, 3.8, 5.6, 8.8, 14),
  muxDelay_s_per_S: column(1e-6, 0.000125, 0.02295, 0.03613, 0.0548),
  logicEnergy: column(1, 0.521, 1, 2.01, 4.08),
  switchCapacitance: column(1, 0.72, 1, 1.2, 1.39),
  currentSwitch: column(1, 14 / 6, 1, 1, 1),
  gateSwitch: column(1, 0.5, 1, 1, 1),
  levelShifter_F2: column(1, 21_275, 21_643, 24_897, 24_897),
  hpEnergy: column(1, 0.533, 0.525, 0.433, 0.487),
  hpDelay: column(1, 0.199, 0.228, 0.232, 0.264),
  hpLeakage: column(1, 1000, 1000, 1000, 1000),
} as const;
/** HP over LSTP at equal width, effective resistances of 1.54 and 1.77 V/I included. */
const HP_CURRENT = column(1, 2.176, 2.7, 2.918, 3.217);
const SAR = {
  LSTP: {
    sarPerBit_W: column(1e-6, 0.538, 1.1294, 2.1691, 3.7506),
    sarBase_W: column(1e-6, 4.3753, 8.8998, 16.693, 25.844),
    sarColumn_V2: column(1, 0.0723, 0.0794, 0.1002, 0.1213),
  },
  HP: {
    sarPerBit_W: column(1e-6, 0.7213, 1.0157, 2.1843, 2.9503),
    sarBase_W: column(1e-6, 3.3041, 7.6286, 11.931, 22.047),
    sarColumn_V2: column(1, 0.0843, 0.0837, 0.0978, 0.1285),
  },
} as const;

export const TABULATED_NODES_M: readonly number[] = NODES_NM.map(nm => Number(`${nm}e-9`));

/** Nodes that were asked for last; a sweep comes back to the same few. */
const known = new Map<string, NodeConstants>();
const MOST_KNOWN = 256;

/** Constants at `node_m`: the table's own values at a tabulated node, log-log lines between and beyond. */
export function nodeConstants(node_m: number, roadmap: Roadmap): NodeConstants {
  const key = `${roadmap} ${node_m}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const constants = interpolate(node_m, roadmap);
  known.set(key, constants);
  return constants;
}

function interpolate(node_m: number, roadmap: Roadmap): NodeConstants {
  const upper = TABULATED_NODES_M.findIndex((node, i) => i > 0 && node_m <= node);
  const i = upper < 0 ? NODES_NM.length - 1 : upper;
  const [from, to] = [TABULATED_NODES_M[i - 1], TABULATED_NODES_M[i]];
  const share = node_m === from ? 0 : node_m === to ? 1 : Math.log(node_m / from) / Math.log(to / from);
  const value = ({ unit, at }: Column): number => {
    if (share === 0) return at[i - 1] * unit;
    if (share === 1) return at[i] * unit;
    return at[i - 1] * (at[i] / at[i - 1]) ** share * unit;
  };
  const sar = SAR[roadmap];
  return {
    node_m,
    vdd_V: value(TABLE.vdd_V),
    readVoltage_V: value(TABLE.readVoltage_V),
    onCurrent_A_per_m: value(TABLE.onCurrent_A_per_m) * (roadmap === 'HP' ? value(HP_CURRENT) : 1),
    wireWidth_m: value(TABLE.wireWidth_m),
    wireAspect: value(TABLE.wireAspect),
    resistivity_ohm_m: value(TABLE.resistivity_ohm_m),
    leakage_W_per_m2: value(TABLE.leakage_W_per_m2),
    sramLeakage_W: value(TABLE.sramLeakage_W),
    muxDelay_s_per_S: value(TABLE.muxDelay_s_per_S),
    logicEnergy: value(TABLE.logicEnergy),
    switchCapacitance: value(TABLE.switchCapacitance),
    currentSwitch: value(TABLE.currentSwitch),
    gateSwitch: value(TABLE.gateSwitch),
    levelShifter_F2: value(TABLE.levelShifter_F2),
    sarPerBit_W: value(sar.sarPerBit_W),
    sarBase_W: value(sar.sarBase_W),
    sarColumn_V2: value(sar.sarColumn_V2),
    hpEnergy: value(TABLE.hpEnergy),
    hpDelay: value(TABLE.hpDelay),
    hpLeakage: value(TABLE.hpLeakage),
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
