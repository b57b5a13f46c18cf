/** IR drop along the lines of an array, to first order: a cell's conductance shrinks by the voltage that the lines lose. */
import { usageError } from '../../base/errors.ts';

/** Wire per cell as in NeuroSim's 32 nm FeFET array: 1.79 ohm along the row, 0.60 ohm along the column. */
export interface IrDrop {
  /** Resistance of a cell at its highest level. */
  readonly onResistance_ohm: number;
  readonly rowWire_ohm: number;
  readonly colWire_ohm: number;
  /** Of a wordline's driver, and between a column and its virtual ground. Default 0. */
  readonly driver_ohm?: number;
  readonly sense_ohm?: number;
  /** Columns of one physical array: the length of a wordline. */
  readonly arrayCols: number;
  /** Share of the rows that conduct at a time (1: the worst case). */
  readonly activity: number;
}

/**
 * Multiplies the cells of an array in place by 1 / (1 + drop), where drop is the share of the read voltage that the lines
 * lose at that cell when all cells draw their nominal current. Rows are driven from column 0 of each array, columns are
 * sensed behind the last row:
 *
 *   drop(i, j) = sum over l of g(i, l) (r_driver + r_row n(j, l)) + activity sum over k of g(k, j) (r_sense + r_col n(i, k))
 *
 * n counts the wire segments that the currents of both cells pass. First order in the drop: against the whole ladder the
 * loss of current is right within 5 % of itself at 240 kohm and up to 64 x 64 cells, within 25 % at 6 kohm, or where
 * drivers of 1 kohm lose a fifth of it.
 * `g` [rows][cols] in units; `unitsOn` is a cell at its highest level.
 */
export function applyIrDrop(
  g: Float64Array,
  rows: number,
  cols: number,
  unitsOn: number,
  drop: IrDrop,
): void {
  const { onResistance_ohm, rowWire_ohm, colWire_ohm, arrayCols, activity } = drop;
  const { driver_ohm = 0, sense_ohm = 0 } = drop;
  const lines = [rowWire_ohm, colWire_ohm, driver_ohm, sense_ohm];
  const positive = [onResistance_ohm, arrayCols].every(v => v > 0) && lines.every(v => v >= 0);
  if (!positive || !(activity >= 0 && activity <= 1)) {
    throw usageError('IR drop: positive resistances and array width, activity from 0 to 1');
  }
  const siemens = 1 / (onResistance_ohm * unitsOn);
  const lost = new Float64Array(rows * cols);
  for (let first = 0; first < cols; first += arrayCols) {
    const width = Math.min(arrayCols, cols - first);
    for (let row = 0; row < rows; row++) {
      addShared(g, lost, row * cols + first, 1, width, rowWire_ohm * siemens, driver_ohm * siemens);
    }
  }
  const active = activity * siemens;
  for (let col = 0; col < cols; col++) {
    // The sense amplifier sits behind the last row: walk from there.
    addShared(g, lost, (rows - 1) * cols + col, -cols, rows, active * colWire_ohm, active * sense_ohm);
  }
  for (let i = 0; i < g.length; i++) g[i] /= 1 + lost[i];
}

/** Adds sum over k of g(k) (end + r min(i + 1, k + 1)) to each cell i of a line that starts at the driver or the sense end. */
function addShared(
  g: Float64Array,
  lost: Float64Array,
  start: number,
  stride: number,
  length: number,
  r: number,
  end: number,
): void {
  let beyond = 0;
  for (let i = 0; i < length; i++) beyond += g[start + i * stride];
  const whole = end * beyond;
  let sum = 0;
  for (let i = 0, at = start; i < length; i++, at += stride) {
    // Each segment carries the current of every cell at or beyond it.
    sum += beyond;
    beyond -= g[at];
    lost[at] += whole + r * sum;
  }
}
