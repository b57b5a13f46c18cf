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
  const attenuations = rowAttenuations(cells, lines.row);
  COLUMNS[lines.idle](cells, attenuations, lines);
}

/** The share of the read voltage at each cell of a driven row, [rows][cols]. */
function rowAttenuations({ g, start, stride, rows, cols }: ArrayCells, row: LineWire): Float64Array {
  const shares = new Float64Array(rows * cols);
  const admittance = new Float64Array(cols);
  for (let i = 0, at = start; i < rows; i++, at += stride) {
    admittances(g.subarray(at, at + cols), row, admittance);
    attenuation(admittance, row, shares.subarray(i * cols, (i + 1) * cols));
  }
  return shares;
}

/** Takes the losses along the columns. */
type Columns = (cells: ArrayCells, attenuations: Float64Array, lines: ArrayLines) => void;

const COLUMNS: { readonly [state in IdleRows]: Columns } = {
  /** The network is linear: what a cell adds does not depend on the other inputs. */
  grounded(cells, attenuations, { column }) {
    const { rows, cols, g } = cells;
    const [own, admittance, share] = buffers(rows, 3);
    for (let j = 0; j < cols; j++) {
      eachCell(cells, j, (k, at, here) => {
        own[k] = g[at] * attenuations[here];
      });
      admittances(own, column, admittance);
      attenuation(admittance, column, share);
      eachCell(cells, j, (k, at) => {
        g[at] = own[k] * share[k];
      });
    }
  },

  /** Other rows load a column as often as they are driven; the cell's own row always does. */
  'cut-off'(cells, attenuations, { column, activity }) {
    const { rows, cols, g } = cells;
    const [own, loads, admittance, share, impedance] = buffers(rows, 5);
    for (let j = 0; j < cols; j++) {
      eachCell(cells, j, (k, at, here) => {
        own[k] = g[at] * attenuations[here];
        loads[k] = activity * own[k];
      });
      admittances(loads, column, admittance);
      attenuation(admittance, column, share);
      impedances(loads, admittance, column, impedance);
      eachCell(cells, j, (k, at) => {
        g[at] = (own[k] * share[k]) / (1 + (1 - activity) * own[k] * impedance[k]);
      });
    }
  },

  /**
   * Idle rows load a column towards the mean potential of their columns instead of ground. What a cell raises that potential
   * by, on the mean column, comes back through the idle cells of each column.
   */
  floating(cells, attenuations, { column, activity }) {
    const { rows, cols, g } = cells;
    const [own, loads, admittance, share, impedance, source, back] = buffers(rows, 7);
    const mean = meanColumn(cells, attenuations, column, activity);
    for (let j = 0; j < cols; j++) {
      eachCell(cells, j, (k, at, here) => {
        own[k] = g[at] * attenuations[here];
        loads[k] = activity * own[k] + (1 - activity) * g[at];
      });
      admittances(loads, column, admittance);
      attenuation(admittance, column, share);
      impedances(loads, admittance, column, impedance);
      eachCell(cells, j, (k, at) => {
        source[k] = (1 - activity) * g[at] * share[k];
      });
      voltages(source, mean.admittance, column, back);
      eachCell(cells, j, (k, at) => {
        // The cell's own row is driven, so it neither floats nor feeds.
        const alone = share[k] / (1 + (own[k] - loads[k]) * impedance[k]);
        g[at] = own[k] * alone + mean.own[k] * (back[k] - mean.impedance[k] * source[k]);
      });
    }
  },
};

/** The mean column of an array, which floating rows neither load nor feed. */
function meanColumn(cells: ArrayCells, attenuations: Float64Array, column: LineWire, activity: number) {
  const { rows, cols, g } = cells;
  const [own, loads, admittance, impedance] = buffers(rows, 4);
  for (let j = 0; j < cols; j++)
    eachCell(cells, j, (k, at, here) => {
      own[k] += (g[at] * attenuations[here]) / cols;
    });
  for (let k = 0; k < rows; k++) loads[k] = activity * own[k];
  admittances(loads, column, admittance);
  impedances(loads, admittance, column, impedance);
  return { own, admittance, impedance };
}

/** Visits the cells of column `col` from the sense amplifier on: place along the column, in `g`, and [row][col]. */
function eachCell(
  { start, stride, rows, cols }: ArrayCells,
  col: number,
  visit: (place: number, at: number, here: number) => void,
): void {
  let at = start + (rows - 1) * stride + col;
  let here = (rows - 1) * cols + col;
  for (let k = 0; k < rows; k++, at -= stride, here -= cols) visit(k, at, here);
}

const buffers = (length: number, count: number): Float64Array[] =>
  Array.from({ length: count }, () => new Float64Array(length));
