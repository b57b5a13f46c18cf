/** Cells of one resistive element: FeFET, RRAM and PCM share what NeuroSim V1.4 makes of a one-transistor cell. */
import { factor, quantity } from '../../base/fields.ts';
import type { CellContext, CellFigures } from './cell-law.ts';
import { GATE_CAPACITANCE_F_PER_M } from './nodes.ts';

/** Gate and drain of one cell per feature size: 5.9 - 4.9 fF of a row and 4.1 - 1.6 fF of a column of 64, 32 nm. */
const ROW_LOAD_F_PER_M = 0.49e-9;
const COLUMN_LOAD_F_PER_M = 1.2e-9;
/** Wordline switch of one row, 287 um2 / 64 at 32 nm, and source-line switch over a column's width, 189 um2 / 64 / 12 F. */
const ROW_CIRCUIT_F2 = 4380;
const COLUMN_CIRCUIT_F = 240;
/** Capacitance of a row's switch of least width: 2.91 pJ of 64 rows at 32 nm without their registers. */
const ROW_CIRCUIT_F_PER_M = 0.229e-6;

const positive = { positive: true };

/** Parameters of a resistive element; `width` and `height` are of the cell, in feature sizes. */
export const memristorFields = {
  onResistance: quantity('ohm', positive),
  offResistance: quantity('ohm', positive),
  width: factor(1, 100).default(12).meta({ description: 'of the cell along the wordline, in feature sizes' }),
  height: factor(1, 100).default(4).meta({ description: 'of the cell along the bitline, in feature sizes' }),
};

export interface Memristor {
  readonly onResistance: number;
  readonly offResistance: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Figures of a cell with `access_ohm` in series and `write_J` to program it. Weights are taken as uniform over the
 * levels, so that the mean conductance is half of the sum of both ends.
 */
export function memristor(
  cell: Memristor,
  { node }: CellContext,
  access_ohm: number,
  write_J: number,
): CellFigures {
  const f = node.node_m;
  const on_S = 1 / (cell.onResistance + access_ohm);
  const mean_S = (on_S + 1 / (cell.offResistance + access_ohm)) / 2;
  return {
    width_m: cell.width * f,
    height_m: cell.height * f,
    rowLoad_F: ROW_LOAD_F_PER_M * f,
    columnLoad_F: COLUMN_LOAD_F_PER_M * f,
    conductance_S: mean_S,
    // The references of a flash converter are made of elements in their most conductive state.
    reference_S: 1 / cell.onResistance,
    readCharge_F: 0,
    onConductance_S: on_S,
    switchConductance_S: mean_S,
    row: 'current',
    rowCircuit_m2: ROW_CIRCUIT_F2 * node.logicArea * f ** 2,
    columnCircuit_m2: COLUMN_CIRCUIT_F * f * cell.width * f,
    rowCircuit_F: ROW_CIRCUIT_F_PER_M * f * node.switchCapacitance * node.currentSwitch,
    precharge: 0,
    leakage_W: 0,
    write_J,
    writeOverhead: 1,
  };
}

/** Width of a switch of `conductance_S`, per NeuroSim: as wide as its on-resistance asks. */
export const switchWidth_m = (node: CellContext['node'], conductance_S: number): number =>
  conductance_S * node.switch_ohm_m;

/** Gate capacitance of a switch of `conductance_S`. */
export const switchGate_F = (node: CellContext['node'], conductance_S: number): number =>
  GATE_CAPACITANCE_F_PER_M * node.switchCapacitance * switchWidth_m(node, conductance_S);
