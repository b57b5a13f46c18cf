/** SRAM cells as NeuroSim V1.4 reads them: a resistor made of two transistors in series. Its manual calls the mode an estimate. */
import { factor, quantity } from '../../base/fields.ts';
import type { CellContext, CellFigures } from './cell-law.ts';

/** Width of one transistor that conducts as well as the read path, in feature sizes: 31.9 uW of a column of 64, 32 nm. */
const READ_PATH_F = 1.14;
/** Off-state conductance over on-state: a read path that is closed conducts nothing that counts. */
const OFF_RATIO = 1e-4;
/** Column switches are sized for this share of the mean conductance: sensing of 11.02 ns, 64 x 64, 32 nm. */
const SWITCH_SHARE = 0.61;
/** One gate of a wordline and the drain of a bitline, per feature size: 14.9 - 11.5 fF / 128, 7.0 - 4.1 fF / 64, 32 nm. */
const GATE_F_PER_M = 0.84e-9;
const DRAIN_F_PER_M = 1.41e-9;
/** Register of a row with its driver, and precharge with write driver over a column's width: 195 um2 / 64 and 308 um2 / 64 / 28 F. */
const ROW_CIRCUIT_F2 = 2950;
const COLUMN_CIRCUIT_F = 168;
/** Swing of the bitlines in one plane, over the supply: 0.13 and 0.53 pJ of 64 and 128 columns. */
const PRECHARGE = 0.36;
/** A written row over its lines' CV2: decoder, write drivers and control (CACTI 7 rows of 64 and 128 bits, 32 nm LSTP). */
const WRITE_OVERHEAD = 3;

const positive = { positive: true };

/** Parameters of an SRAM cell; the resistances follow from its transistors where they are not given. */
export const sramFields = {
  onResistance: quantity('ohm', positive).optional().meta({ description: 'of the read path that conducts' }),
  offResistance: quantity('ohm', positive).optional(),
};

/** Area of a cell in squares of the feature size, as a parameter with NeuroSim's value for the kind as its default. */
export const cellArea = (area: number) =>
  factor(40, 2000).default(area).meta({ description: 'of the cell, in squares of the feature size' });

export interface Sram {
  readonly onResistance?: number | undefined;
  readonly offResistance?: number | undefined;
  readonly area: number;
}

/** Shape of a kind of cell: its height in feature sizes, gates on the read wordline, and leakage over a 6T cell's. */
export interface SramShape {
  readonly height: number;
  readonly gates: number;
  readonly leakage: number;
}

/** Figures of an SRAM cell whose stored bits are as often 1 as 0. */
export function sram(cell: Sram, { height, gates, leakage }: SramShape, { node }: CellContext): CellFigures {
  const f = node.node_m;
  const on_S =
    cell.onResistance === undefined
      ? (node.onCurrent_A_per_m * READ_PATH_F * f) / node.vdd_V
      : 1 / cell.onResistance;
  const off_S = cell.offResistance === undefined ? on_S * OFF_RATIO : 1 / cell.offResistance;
  const mean_S = (on_S + off_S) / 2;
  const width_m = (cell.area / height) * f;
  return {
    width_m,
    height_m: height * f,
    rowLoad_F: gates * GATE_F_PER_M * f,
    columnLoad_F: DRAIN_F_PER_M * f,
    conductance_S: mean_S,
    readCharge_F: 0,
    onConductance_S: on_S,
    switchConductance_S: SWITCH_SHARE * mean_S,
    row: 'gate',
    rowCircuit_m2: ROW_CIRCUIT_F2 * f ** 2,
    columnCircuit_m2: COLUMN_CIRCUIT_F * f * width_m,
    rowCircuit_F: 0,
    precharge: PRECHARGE,
    leakage_W: leakage * node.sramLeakage_W,
    write_J: 0,
    writeOverhead: WRITE_OVERHEAD,
  };
}
