/** Magnetic tunnel junctions behind an access transistor: what MRAM that is switched by spin transfer and by spin-orbit torque share. */
import { factor, quantity } from '../../base/fields.ts';
import type { CellContext, CellFigures } from './cell-law.ts';
import { idleRows } from './idle-rows.ts';
import { memristor } from './memristor.ts';

/** Access transistor over the on-resistance, as NeuroSim's cells of one transistor have it. */
const ACCESS_SHARE = 0.1;

const positive = { positive: true };

/** Parameters of a junction; `area` of its cell stands in `width` and `height`. */
export const mtjFields = (writeCurrent: string, width: number, height: number, source: string) => ({
  onResistance: quantity('ohm', positive).meta({ description: 'parallel' }),
  offResistance: quantity('ohm', positive).meta({
    description: 'antiparallel: 2 to 3 times the parallel one',
  }),
  width: factor(1, 100)
    .default(width)
    .meta({ description: 'of the cell along the wordline, in feature sizes' }),
  height: factor(1, 100)
    .default(height)
    .meta({ description: 'of the cell along the bitline, in feature sizes' }),
  idle: idleRows.optional(),
  writeCurrent: quantity('A', positive).prefault(writeCurrent).meta({ description: source }),
});

export interface Junction {
  readonly onResistance: number;
  readonly offResistance: number;
  readonly width: number;
  readonly height: number;
  readonly writeCurrent: number;
}

/** A bit is switched by a current that the write voltage drives for the pulse. */
export function junction(cell: Junction, context: CellContext): CellFigures {
  const { writeVoltage_V, pulse_s, erase_s } = context;
  const write_J = cell.writeCurrent * writeVoltage_V * (pulse_s + erase_s);
  return memristor(cell, context, ACCESS_SHARE * cell.onResistance, write_J);
}
