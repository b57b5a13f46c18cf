/** IR drop along the lines of an array, to first order: a cell's conductance shrinks by the voltage that the lines lose. */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { noiseTerm } from '../noise-term.ts';

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
      const line = { start: row * cols + first, stride: 1, length: width };
      addShared(g, lost, line, rowWire_ohm * siemens, driver_ohm * siemens);
    }
  }
  const active = activity * siemens;
  for (let col = 0; col < cols; col++) {
    // The sense amplifier sits behind the last row: walk from there.
    const line = { start: (rows - 1) * cols + col, stride: -cols, length: rows };
    addShared(g, lost, line, active * colWire_ohm, active * sense_ohm);
  }
  for (let i = 0; i < g.length; i++) g[i] /= 1 + lost[i];
}

/** Adds sum over k of g(k) (end + r min(i + 1, k + 1)) to each cell i of a line that starts at the driver or the sense end. */
function addShared(
  g: Float64Array,
  lost: Float64Array,
  { start, stride, length }: { readonly start: number; readonly stride: number; readonly length: number },
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

const share = { min: 0, max: 1 };

export const term = noiseTerm({
  name: 'irDrop',
  place: 70,
  of: 'cells',
  schema: block({
    row: quantity('ohm').meta({ description: 'of a wordline, per cell' }),
    column: quantity('ohm').meta({ description: 'of a bitline, per cell' }),
    driver: quantity('ohm').prefault('0 ohm').meta({ description: 'of the driver of a wordline' }),
    sense: quantity('ohm').prefault('0 ohm').meta({ description: 'between a column and its virtual ground' }),
    activity: quantity('%', share)
      .prefault('100 %')
      .meta({ description: 'rows that conduct at a time; 100 % is the worst case' }),
  }),
  numbers: {
    rowWire: {
      option: 'rowWire_ohm',
      label: 'Wordline per cell (ohm)',
      min: 0,
      max: 1e4,
      own: file => file?.row ?? 0,
    },
    columnWire: {
      option: 'columnWire_ohm',
      label: 'Bitline per cell (ohm)',
      min: 0,
      max: 1e4,
      own: file => file?.column ?? 0,
    },
    driver: {
      option: 'driver_ohm',
      label: 'Wordline driver (ohm)',
      min: 0,
      max: 1e6,
      own: file => file?.driver ?? 0,
    },
    sense: {
      option: 'sense_ohm',
      label: 'Column to virtual ground (ohm)',
      min: 0,
      max: 1e6,
      own: file => file?.sense ?? 0,
    },
  },
  choices: {},
  params: ({ file, options, device }): IrDrop | undefined => {
    const lines = {
      rowWire_ohm: options.rowWire_ohm ?? file?.row ?? 0,
      colWire_ohm: options.columnWire_ohm ?? file?.column ?? 0,
      driver_ohm: options.driver_ohm ?? file?.driver ?? 0,
      sense_ohm: options.sense_ohm ?? file?.sense ?? 0,
    };
    if (Object.values(lines).every(ohm => ohm === 0)) return undefined;
    const { onResistance } = device.cell;
    if (onResistance === undefined)
      throw usageError('the resistance of wires acts on cells with a resistance: give cell.onResistance');
    return {
      onResistance_ohm: onResistance,
      ...lines,
      arrayCols: device.crossbar.cols,
      activity: file?.activity ?? 1,
    };
  },
  effects: (drop: IrDrop) => [
    {
      kind: 'wholeArray',
      apply: (g, rows, cols, unitsOn) => applyIrDrop(g, rows, cols, unitsOn, drop),
    },
  ],
});
