/** IR drop along the lines of an array: a cell counts for what the lines leave of its current (`../ir-drop.ts`). */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { IDLE_ROWS, type IdleRows } from '../circuit/idle-rows.ts';
import { dropVoltage } from '../ir-drop.ts';
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
  /** What the cells of rows do that are not driven. */
  readonly idle: IdleRows;
  /** While a row is driven: the share of the other rows that are driven too. Absent: that of the inputs of each product. */
  readonly activity?: number;
}

/** The array whose cells lose. */
export interface LossyArray {
  /** [rows][cols] in units. */
  readonly g: Float64Array;
  readonly rows: number;
  readonly cols: number;
  /** A cell at its highest level, in units. */
  readonly unitsOn: number;
  /** Of the inputs, see `IrDrop`. */
  readonly activity: number;
}

/** Replaces the cells by what they add to their columns; arrays of `arrayCols` columns stand side by side. */
export function applyIrDrop({ g, rows, cols, unitsOn, activity }: LossyArray, drop: IrDrop): void {
  const { onResistance_ohm, rowWire_ohm, colWire_ohm, arrayCols, idle } = drop;
  const { driver_ohm = 0, sense_ohm = 0 } = drop;
  const share = drop.activity ?? activity;
  const resistances = [rowWire_ohm, colWire_ohm, driver_ohm, sense_ohm];
  const positive = [onResistance_ohm, arrayCols].every(v => v > 0) && resistances.every(v => v >= 0);
  if (!positive || !(share >= 0 && share <= 1))
    throw usageError('IR drop: positive resistances and array width, activity from 0 to 1');
  if (!IDLE_ROWS.includes(idle))
    throw usageError(`IR drop: idle rows are ${IDLE_ROWS.join(', ')}, got ${idle}`);
  const siemens = 1 / (onResistance_ohm * unitsOn);
  const line = (segment: number, end: number) => ({
    segment: segment * siemens,
    end: (segment + end) * siemens,
  });
  const lines = {
    row: line(rowWire_ohm, driver_ohm),
    column: line(colWire_ohm, sense_ohm),
    idle,
    activity: share,
  };
  for (let start = 0; start < cols; start += arrayCols)
    dropVoltage({ g, start, stride: cols, rows, cols: Math.min(arrayCols, cols - start) }, lines);
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
    activity: quantity('%', share).optional().meta({
      description: 'of the other rows that are driven while a row is; absent: that of the inputs',
    }),
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
    const { onResistance, idle } = device.cell;
    if (onResistance === undefined)
      throw usageError('the resistance of wires acts on cells with a resistance: give cell.onResistance');
    if (idle === undefined)
      throw usageError(
        `the resistance of wires takes more where idle rows conduct: give cell.idle, one of ${IDLE_ROWS.join(', ')}`,
      );
    return {
      onResistance_ohm: onResistance,
      ...lines,
      arrayCols: device.crossbar.cols,
      idle,
      ...(file?.activity !== undefined && { activity: file.activity }),
    };
  },
  effects: (drop: IrDrop) => [
    {
      kind: 'wholeArray',
      apply: (g, rows, cols, unitsOn, activity) => applyIrDrop({ g, rows, cols, unitsOn, activity }, drop),
    },
  ],
});
