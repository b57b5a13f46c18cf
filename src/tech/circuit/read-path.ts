/** The path of a read through a crossbar: loads of the lines, switches, and what stands at rows and columns (NeuroSim V1.4 sub-array). */
import { CLOCKED_J, REGISTER } from './adder.ts';
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign } from './design.ts';
import type { DriveFigures } from './drive-law.ts';
import { drivenRows } from './input-steps.ts';
import { switchGate_F, switchWidth_m } from './memristor.ts';
import { LEAST_HIGH_VOLTAGE_M, type NodeConstants, wire } from './nodes.ts';
import { sharedConversions } from './slice-merge.ts';
import { MUX_GATE_F, SWITCH_S } from './switches.ts';

/** Lines whose driver must hold more than this are behind a level shifter (NeuroSim: above 1.5 V). */
const LEVEL_SHIFTER_ABOVE_V = 1.5;
/** A transmission gate is this long over its width, pairs and contacts included: 6 kohm against 240 kohm cells; SRAM rows. */
const SWITCH_LENGTH_F = { current: 16, gate: 19 } as const;
/** A wordline that drives gates is switched by this multiple of its own wire conductance, however short it is (NeuroSim). */
const ROW_SWITCH_WIRES = 1.36;
/** What such a switch's drivers load beside its gate (energy of NeuroSim's SRAM rows at 32 nm without their registers). */
const ROW_DRIVER_CHAIN = 3.82;
/** Column multiplexer: 0.6 fJ a column and plane at 32 nm, 0.9 V and 8 columns a group. */
const MUX_F_PER_M = 2.9e-9;
/** NeuroSim's calibration of its sensing cycle. */
const MARGIN = 1.4;
/** Time to half of a distributed RC line's step. */
const ELMORE = 0.38;
/** Access transistors of a cell. */
const ACCESS_GATES = 2;
/** S&H of ISAAC and PUMA (32 nm): 9.7e-6 mW for 100 ns, 0.039 um2; one clock of 1 GHz. */
const HOLD = { node_m: 32e-9, energy_J: 0.97e-15, area_m2: 0.039e-12, time_s: 1e-9 };

/** Lines of a crossbar, in ohm and farad. */
export interface Lines {
  readonly row_ohm: number;
  readonly row_F: number;
  readonly column_ohm: number;
  readonly column_F: number;
}

/** The cells of all sets stand side by side at what they share, so that rows are longer. */
export function lines(
  { rows, cols, sets = 1 }: CrossbarDesign,
  cell: CellFigures,
  node: NodeConstants,
): Lines {
  const row = wire(node, sets * cols * cell.width_m);
  const column = wire(node, rows * cell.height_m);
  return {
    row_ohm: row.resistance_ohm,
    row_F: row.capacitance_F + cols * cell.rowLoad_F,
    column_ohm: column.resistance_ohm,
    column_F: column.capacitance_F + rows * cell.columnLoad_F,
  };
}

/**
 * Rows: switches and registers, and what drives several bits at once; joules of one step. Digital cells take every bit of a
 * step on a wire of its own, with a register and a driver each; analog ones one wire behind `drive`.
 */
export function rowCircuits(
  design: CrossbarDesign,
  cell: CellFigures,
  line: Lines,
  node: NodeConstants,
  { drives, drive }: { readonly drives: number; readonly drive: DriveFigures | undefined },
) {
  const { rows, cols, inputDensity, inputBitsPerStep: bits } = design;
  const driven = drivenRows(design);
  const wires = drive === undefined ? bits : 1;
  const gate = cell.row === 'gate';
  // Switches are sized once, at 300 K.
  const switch_S = gate ? (ROW_SWITCH_WIRES * node.wireHeat) / line.row_ohm : cols * cell.conductance_S;
  const switch_F = switchGate_F(node, switch_S) * (gate ? ROW_DRIVER_CHAIN * node.gateSwitch : 1);
  const active = driven * inputDensity * drives;
  const swings = driven * drives * wires * (drive?.swings ?? inputDensity);
  const square = node.node_m ** 2;
  const switch_m2 = SWITCH_LENGTH_F[cell.row] * node.node_m * switchWidth_m(node, switch_S);
  return {
    active,
    area_m2:
      rows *
      (wires * (cell.rowCircuit_m2 + switch_m2) +
        (bits - wires) * REGISTER.area_F2 * square * node.logicArea),
    // Every row's register is clocked, whatever its bit is.
    register_J: driven * drives * bits * CLOCKED_J * node.logicEnergy,
    switch_J: swings * (cell.rowCircuit_F + switch_F) * node.vdd_V ** 2,
    line_J: swings * line.row_F * node.vdd_V ** 2,
    dac_m2: rows * (drive?.area_m2 ?? 0),
    dac_J: driven * drives * (drive?.energy_J ?? 0),
  };
}

/**
 * One level shifter at every wordline, bitline and source line of a crossbar that is written above the limit; m2. Its
 * transistors hold the write voltage, so that they stop to shrink at 22 nm.
 */
export function levelShifters({ rows, cols }: CrossbarDesign, node: NodeConstants, write_V: number): number {
  if (write_V <= LEVEL_SHIFTER_ABOVE_V) return 0;
  return (rows + 2 * cols) * node.levelShifter_F2 * Math.max(node.node_m, LEAST_HIGH_VOLTAGE_M) ** 2;
}

/** Columns: switches or precharge and write drivers, the multiplexer, sample-and-hold. */
export function columnCircuits(design: CrossbarDesign, cell: CellFigures, line: Lines, node: NodeConstants) {
  const { cols, sampling, sets = 1 } = design;
  const shared = sharedConversions(design);
  const muxed = shared > 1;
  const held = sampling === 'plane';
  const scale = (node.node_m / HOLD.node_m) ** 2;
  return {
    // Every set is written over bitlines of its own.
    switch_m2: sets * cols * cell.columnCircuit_m2,
    switch_J: cols * cell.precharge * line.column_F * node.vdd_V ** 2,
    mux_m2: muxed ? cols * cell.width_m * MUX_GATE_F * node.node_m * shared : 0,
    mux_J: muxed ? cols * MUX_F_PER_M * node.node_m * shared * node.vdd_V ** 2 : 0,
    hold_m2: held ? cols * HOLD.area_m2 * scale : 0,
    hold_J: held ? cols * HOLD.energy_J * (node.node_m / HOLD.node_m) : 0,
    hold_s: held ? HOLD.time_s : 0,
  };
}

/**
 * Another set of weights: at every row one select line falls and one rises. It is the wordline of its cells: a wire as long as the
 * row and the gates of two access transistors a cell.
 */
export function selectFigures(
  { rows, cols, sets = 1 }: CrossbarDesign,
  cell: CellFigures,
  node: NodeConstants,
): { readonly energy_J: number; readonly time_s: number } {
  if (sets === 1) return { energy_J: 0, time_s: 0 };
  const line = wire(node, sets * cols * cell.width_m);
  const line_F = line.capacitance_F + cols * ACCESS_GATES * node.cellGate_F;
  return {
    energy_J: rows * line_F * node.vdd_V ** 2,
    time_s: MARGIN * (SWITCH_S * node.gateDelay + ELMORE * line.resistance_ohm * line_F),
  };
}

/** From a new input or column group to a settled column: switches, lines, and the switches of all columns of a group. */
export function settleTime_s(
  design: CrossbarDesign,
  cell: CellFigures,
  line: Lines,
  node: NodeConstants,
): number {
  const { rows, cols } = design;
  const switches_s = SWITCH_S * node.gateDelay;
  const lines_s = ELMORE * (line.row_ohm * line.row_F + line.column_ohm * line.column_F);
  const muxed = sharedConversions(design) > 1;
  const mux_s = muxed ? node.muxDelay_s_per_S * rows * cols * cell.switchConductance_S : 0;
  return MARGIN * (switches_s + lines_s + mux_s);
}
