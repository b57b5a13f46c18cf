/** SRAM cells as NeuroSim V1.4 reads them: a resistor made of two transistors in series. Its manual calls the mode an estimate. */
import { factor, quantity } from '../../base/fields.ts';
import type { CellContext, CellFigures } from './cell-law.ts';
import { type Column, over, valueAt } from './node-tables.ts';

/**
 * Conductance of the read path over that of one transistor of least width: 31.9 uW of a column of 64, 32 nm. NeuroSim
 * lets every driven cell conduct through its access transistor, 1.77 V/I, whatever it stores; that is twice this for half
 * of the cells.
 */
const READ_PATH = 1.14;
/** Off-state conductance over on-state: a read path that is closed conducts nothing that counts. */
const OFF_RATIO = 1e-4;
/** Column switches are sized for this share of the mean conductance: sensing of 11.02 ns, 64 x 64, 32 nm. */
const SWITCH_SHARE = 0.61;
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

/** Area of a cell in squares of the feature size; absent: that of its kind at the node. */
export const cellArea = factor(40, 12_000)
  .optional()
  .meta({ description: "of the cell, in squares of the feature size; absent: the kind's at the node" });

/**
 * Cells in squares of the feature size, and their height over that at 22 nm and above (NeuroSim V1.4, manual and Param.cpp:
 * Samsung at 14 nm, TSMC at 10 and 7 nm, IRDS below): 6T of 0.064, 0.042, 0.027, 0.021 and 0.018 um2 at 14, 10, 7, 5 and
 * 3 nm. Its manual prints 1120 F2 for 5 nm, where its tables multiply to 840; 8T at 5 and 3 nm are 6T times the ratio at 7.
 */
export const SIX_T_F2 = over(1, { 3: 2048, 5: 840, 7: 551, 10: 420, 14: 326, 22: 280, 130: 280 });
export const EIGHT_T_F2 = over(1, { 3: 4014, 5: 1646, 7: 1080, 10: 720, 14: 480, 22: 360, 130: 360 });
const HEIGHTS = over(1, { 3: 3, 5: 1.92, 7: 1.6, 10: 1.28, 14: 1.06, 22: 1, 130: 1 });

export interface Sram {
  readonly onResistance?: number | undefined;
  readonly offResistance?: number | undefined;
  readonly area?: number | undefined;
}

/** A kind of cell at 22 nm and above: its area over nodes, its height in feature sizes, gates on the read wordline, leakage over a 6T cell's. */
export interface SramShape {
  readonly area: Column;
  readonly height: number;
  readonly gates: number;
  readonly leakage: number;
}

/** Figures of an SRAM cell whose stored bits are as often 1 as 0. */
export function sram(cell: Sram, shape: SramShape, { node }: CellContext): CellFigures {
  const f = node.node_m;
  const height = shape.height * valueAt(HEIGHTS, f);
  const area = cell.area ?? valueAt(shape.area, f);
  const on_S = cell.onResistance === undefined ? node.cellOn_S * READ_PATH : 1 / cell.onResistance;
  const off_S = cell.offResistance === undefined ? on_S * OFF_RATIO : 1 / cell.offResistance;
  const mean_S = (on_S + off_S) / 2;
  const width_m = (area / height) * f;
  return {
    width_m,
    height_m: height * f,
    rowLoad_F: shape.gates * node.cellGate_F,
    columnLoad_F: node.cellDrain_F,
    conductance_S: mean_S,
    reference_S: mean_S,
    readCharge_F: 0,
    onConductance_S: on_S,
    switchConductance_S: SWITCH_SHARE * mean_S,
    row: 'gate',
    rowCircuit_m2: ROW_CIRCUIT_F2 * node.logicArea * f ** 2,
    columnCircuit_m2: COLUMN_CIRCUIT_F * node.logicArea * f * width_m,
    rowCircuit_F: 0,
    precharge: PRECHARGE,
    leakage_W: shape.leakage * node.sramLeakage_W,
    write_J: 0,
    writeOverhead: WRITE_OVERHEAD,
  };
}
