/**
 * IR drop of a whole array: what each cell adds to the current of its column when its row is driven, with the losses along
 * both lines. Rows are driven from column 0, columns are sensed behind the last row.
 *
 * A driven row i alone is a ladder: its cells see the share a(i, j) of the read voltage. A column j is a ladder whose loads
 * are the cells in series with their rows, g a: of a cell's current the share s(i, j) leaves at the sense amplifier. So a
 * cell counts as
 *
 *   g(i, j) a(i, j) s(i, j)
 *
 * What is approximated: the potential of neighbouring columns is alike along a row, and rows that load a column only while
 * they are driven (`cut-off`) do so with the mean activity. Against the whole ladder (`validate/ladder.ts`) the loss of
 * current is within 5 % of itself, from 0.04 to 97 % of loss: 16 to 128 rows, 6 to 240 kohm, drivers of 1 kohm, 10 to 90 %
 * of the rows driven, in all three idle states; with grounded rows within 0.5 %.
 */
import type { IdleRows } from './circuit/idle-rows.ts';
import { admittances, attenuation, impedances, type LineWire, voltages } from './ladder-line.ts';

/** The lines of an array. Resistances times conductances of cells are numbers. */
export interface ArrayLines {
  readonly row: LineWire;
  readonly column: LineWire;
  readonly idle: IdleRows;
  /** While a row is driven: the share of the other rows that are driven too, 0 to 1; without effect where idle rows are grounded. */
  readonly activity: number;
}

/** Cells [rows][cols] of an array, `start` the first one, `stride` from row to row. */
export interface ArrayCells {
  readonly g: Float64Array;
  readonly start: number;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/** Replaces the conductances of an array by what its cells add to their columns. */
export function dropVoltage(cells: ArrayCells, lines: ArrayLines): void {
  const { g, start, stride, rows, cols } = cells;
  const attenuations = rowAttenuations(cells, lines.row);
  const column = columnOf(rows);
  const counted = COLUMN[lines.idle](column, lines, () => meanColumn(cells, attenuations, lines));
  // From the sense amplifier on.
  const last = start + (rows - 1) * stride;
  for (let col = 0; col < cols; col++) {
    const { cell, own } = column;
    for (
      let k = 0, at = last + col, here = (rows - 1) * cols + col;
      k < rows;
      k++, at -= stride, here -= cols
    ) {
      cell[k] = g[at];
      own[k] = g[at] * attenuations[here];
    }
    counted();
    for (let k = 0, at = last + col; k < rows; k++, at -= stride) g[at] = own[k];
  }
}

/** The share of the read voltage at each cell of a driven row, [rows][cols]. */
function rowAttenuations({ g, start, stride, rows, cols }: ArrayCells, row: LineWire): Float64Array {
  const shares = new Float64Array(rows * cols);
  const admittance = new Float64Array(cols);
  for (let i = 0, at = start; i < rows; i++, at += stride) {
    const loads = g.subarray(at, at + cols);
    // Nothing stands in most rows of a small matrix, and a share of nothing is nothing.
    if (loads.every(load => load === 0)) continue;
    admittances(loads, row, admittance);
    attenuation(admittance, row, shares.subarray(i * cols, (i + 1) * cols));
  }
  return shares;
}

/** One column from its sense amplifier on, by rows: its cells, what they conduct behind their rows, and room to work in. */
interface Column {
  readonly cell: Float64Array;
  readonly own: Float64Array;
  readonly loads: Float64Array;
  readonly admittance: Float64Array;
  readonly share: Float64Array;
  readonly impedance: Float64Array;
  readonly source: Float64Array;
  readonly back: Float64Array;
}

function columnOf(rows: number): Column {
  const [cell, own, loads, admittance, share, impedance, source, back] = Array.from(
    { length: 8 },
    () => new Float64Array(rows),
  );
  return { cell, own, loads, admittance, share, impedance, source, back };
}

/** The mean column of an array, which floating rows neither load nor feed. */
type MeanColumn = Pick<Column, 'own' | 'admittance' | 'impedance'>;

/** What makes of `own` of a column what its cells add to the current at the sense amplifier. */
type Counted = (column: Column, lines: ArrayLines, mean: () => MeanColumn) => () => void;

const COLUMN: { readonly [state in IdleRows]: Counted } = {
  /** The network is linear: what a cell adds does not depend on the other inputs. */
  grounded: ({ own, admittance, share }, { column }) => {
    return () => {
      admittances(own, column, admittance);
      attenuation(admittance, column, share);
      for (let k = 0; k < own.length; k++) own[k] *= share[k];
    };
  },

  /** Other rows load a column as often as they are driven; the cell's own row always does. */
  'cut-off': ({ own, loads, admittance, share, impedance }, { column, activity }) => {
    return () => {
      for (let k = 0; k < own.length; k++) loads[k] = activity * own[k];
      admittances(loads, column, admittance);
      attenuation(admittance, column, share);
      impedances(loads, admittance, column, impedance);
      for (let k = 0; k < own.length; k++) own[k] *= share[k] / (1 + (1 - activity) * own[k] * impedance[k]);
    };
  },

  /**
   * Idle rows load a column towards the mean potential of their columns instead of ground. What a cell raises that potential
   * by, on the mean column, comes back through the idle cells of each column.
   */
  floating: (work, { column, activity }, meanOf) => {
    const { cell, own, loads, admittance, share, impedance, source, back } = work;
    const mean = meanOf();
    return () => {
      for (let k = 0; k < own.length; k++) loads[k] = activity * own[k] + (1 - activity) * cell[k];
      admittances(loads, column, admittance);
      attenuation(admittance, column, share);
      impedances(loads, admittance, column, impedance);
      for (let k = 0; k < own.length; k++) source[k] = (1 - activity) * cell[k] * share[k];
      voltages(source, mean.admittance, column, back);
      for (let k = 0; k < own.length; k++) {
        // The cell's own row is driven, so it neither floats nor feeds.
        const alone = share[k] / (1 + (own[k] - loads[k]) * impedance[k]);
        own[k] = own[k] * alone + mean.own[k] * (back[k] - mean.impedance[k] * source[k]);
      }
    };
  },
};

function meanColumn(
  { g, start, stride, rows, cols }: ArrayCells,
  attenuations: Float64Array,
  { column, activity }: ArrayLines,
): MeanColumn {
  const { own, loads, admittance, impedance } = columnOf(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let col = 0; col < cols; col++)
      sum += g[start + row * stride + col] * attenuations[row * cols + col];
    own[rows - 1 - row] = sum / cols;
  }
  for (let k = 0; k < rows; k++) loads[k] = activity * own[k];
  admittances(loads, column, admittance);
  impedances(loads, admittance, column, impedance);
  return { own, admittance, impedance };
}
