/** Constants of a CMOS node at its supply and temperature, as the laws of circuits take them. */

import { HP_CURRENT, NODES_NM, SAR, TABLE, valueAt } from './node-tables.ts';
import { type OperatingPoint, pointFactors, ROOM_K, type Roadmap } from './operating-point.ts';

export type { Roadmap } from './operating-point.ts';

/** Nodes inside which constants come from runs of circuits; outside it they are scaled or extrapolated, as far as NODE_LIMITS_M. */
export const NODE_RANGE_M = { min: 22e-9, max: 65e-9 } as const;
export const NODE_LIMITS_M = { min: 3e-9, max: 130e-9 } as const;
/** Cells that are written by voltages of their own do not shrink with logic: no published macro stands below this. */
export const LEAST_ANALOG_M = 14e-9;
/** Transistors that hold write voltages stay as large as at this node. */
export const LEAST_HIGH_VOLTAGE_M = 22e-9;
/** NeuroSim has no fast transistors below this. */
export const LEAST_HP_M = 22e-9;

/** Wires of a crossbar: 0.2 fF/um at every node (NeuroSim). */
const WIRE_CAPACITANCE_F_PER_M = 0.2e-9;
/** Gate capacitance of a switch per width at 32 nm, from the energy of NeuroSim's row switches. */
export const GATE_CAPACITANCE_F_PER_M = 0.87e-9;

/** LSTP constants; what HP changes stands in `hp` as factors, from the transistors of both roadmaps (PTM, as NeuroSim lists them). */
export interface NodeConstants {
  readonly node_m: number;
  readonly vdd_V: number;
  /** The node's own supply. */
  readonly nominal_V: number;
  readonly temperature_K: number;
  /** Usual read voltage of a column; of cells that do not shrink with logic, which stays that of 22 nm below it. */
  readonly readVoltage_V: number;
  readonly analogReadVoltage_V: number;
  /** Resistance of an n-channel switch times its width, at the node's own supply and 300 K: what switches are sized by. */
  readonly switch_ohm_m: number;
  /** Conductance of a transistor of least width that is open, 1.77 V/I left out; its gate and drain. */
  readonly cellOn_S: number;
  readonly cellGate_F: number;
  readonly cellDrain_F: number;
  readonly wireWidth_m: number;
  readonly wireAspect: number;
  readonly resistivity_ohm_m: number;
  /** Of it, over that at 300 K. */
  readonly wireHeat: number;
  /** Area of standard cells over that at 22 nm and above, both in squares of the feature size. */
  readonly logicArea: number;
  /** Standby power of registers and adders per area of shift-and-add. */
  readonly leakage_W_per_m2: number;
  /** Standby power of a 6T cell. */
  readonly sramLeakage_W: number;
  /** Delay of a gate over that at 32 nm (LSTP), at this supply and temperature. */
  readonly gateDelay: number;
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
  /** Delay over that at the node's own supply and 300 K: by the supply, by the temperature. */
  readonly supplyDelay: number;
  readonly thermalDelay: number;
  /** Energy of converters over that at the node's own supply, and their bias over that at 300 K. */
  readonly supplyEnergy: number;
  readonly converterBias: number;
  /** HP over LSTP: energy of logic, delay (CACTI 7), leakage. */
  readonly hpEnergy: number;
  readonly hpDelay: number;
  readonly hpLeakage: number;
}

export const TABULATED_NODES_M: readonly number[] = NODES_NM.map(nm => Number(`${nm}e-9`));

/** Nodes that were asked for lately; a sweep comes back to the same supplies and temperatures. */
const known = new Map<string, NodeConstants>();
const MOST_KNOWN = 8192;
/** The laws of one crossbar ask for one point again and again: it is told by its numbers, which takes no text. */
let last: (OperatingPoint & { node_m: number; roadmap: Roadmap; constants: NodeConstants }) | undefined;

/** Constants at `node_m`: the table's own values at a tabulated node, log-log lines between and beyond. */
export function nodeConstants(node_m: number, roadmap: Roadmap, point: OperatingPoint = {}): NodeConstants {
  const { vdd_V, temperature_K } = point;
  if (
    last !== undefined &&
    last.node_m === node_m &&
    last.roadmap === roadmap &&
    last.vdd_V === vdd_V &&
    last.temperature_K === temperature_K
  )
    return last.constants;
  const key = `${roadmap} ${node_m} ${vdd_V} ${temperature_K}`;
  let constants = known.get(key);
  if (constants === undefined) {
    constants = atPoint(node_m, roadmap, point);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, constants);
  }
  last = { node_m, roadmap, vdd_V, temperature_K, constants };
  return constants;
}

function atPoint(node_m: number, roadmap: Roadmap, point: OperatingPoint): NodeConstants {
  const of = (column: Parameters<typeof valueAt>[0]): number => valueAt(column, node_m);
  const factors = pointFactors(node_m, roadmap, point);
  const sar = SAR[roadmap];
  const nominal_V = of(TABLE.vdd_V);
  const hpCurrent = roadmap === 'HP' ? of(HP_CURRENT) : 1;
  const bias = factors.energy * factors.converter;
  return {
    node_m,
    vdd_V: point.vdd_V ?? nominal_V,
    nominal_V,
    temperature_K: point.temperature_K ?? ROOM_K,
    readVoltage_V: of(TABLE.readVoltage_V),
    analogReadVoltage_V: valueAt(TABLE.readVoltage_V, Math.max(node_m, LEAST_HIGH_VOLTAGE_M)),
    switch_ohm_m: nominal_V / (of(TABLE.onCurrent_A_per_m) * hpCurrent),
    cellOn_S: ((of(TABLE.cellCurrent_A) * hpCurrent) / nominal_V) * factors.conductance,
    cellGate_F: of(TABLE.cellGate_F),
    cellDrain_F: of(TABLE.cellDrain_F),
    wireWidth_m: of(TABLE.wireWidth_m),
    wireAspect: of(TABLE.wireAspect),
    resistivity_ohm_m: of(TABLE.resistivity_ohm_m) * factors.wireResistance,
    wireHeat: factors.wireResistance,
    logicArea: of(TABLE.logicArea),
    leakage_W_per_m2: of(TABLE.leakage_W_per_m2) * factors.leakage,
    sramLeakage_W: of(TABLE.sramLeakage_W) * factors.leakage,
    gateDelay: of(TABLE.gateDelay) * factors.supplyDelay * factors.thermalDelay,
    muxDelay_s_per_S: of(TABLE.muxDelay_s_per_S) * factors.supplyDelay * factors.thermalDelay,
    logicEnergy: of(TABLE.logicEnergy) * factors.energy,
    switchCapacitance: of(TABLE.switchCapacitance),
    currentSwitch: of(TABLE.currentSwitch),
    gateSwitch: of(TABLE.gateSwitch),
    levelShifter_F2: of(TABLE.levelShifter_F2),
    sarPerBit_W: of(sar.sarPerBit_W) * bias,
    sarBase_W: of(sar.sarBase_W) * bias,
    sarColumn_V2: of(sar.sarColumn_V2) * factors.converter,
    supplyDelay: factors.supplyDelay,
    thermalDelay: factors.thermalDelay,
    supplyEnergy: factors.energy,
    converterBias: factors.converter,
    hpEnergy: of(TABLE.hpEnergy),
    hpDelay: of(TABLE.hpDelay),
    hpLeakage: of(TABLE.hpLeakage),
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
