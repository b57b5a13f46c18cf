/** Why the slices of a design cannot be merged before the converter. */
import { formatQuantity } from '../../base/units.ts';
import type { CellReadout } from './cell-law.ts';
import type { CrossbarDesign, DesignFinding } from './design.ts';
import { mergedColumns } from './slice-merge.ts';

interface Read {
  readonly readout: CellReadout;
  /** The converter compares currents. */
  readonly currents: boolean;
}

export function mergeErrors(design: CrossbarDesign, { readout, currents }: Read): DesignFinding[] {
  const { merge, cell, cols, adc, sampling } = design;
  if (merge === undefined) return [];
  const errors: DesignFinding[] = [];
  const find = (path: readonly string[], message: string): void => {
    errors.push({ path, message });
  };
  if (readout === 'digital')
    find(['merge', 'law'], `${merge.law} adds voltages, a ${cell.law} cell is read by an adder tree`);
  if (currents) find(['adc', 'law'], `${merge.law} hands over a voltage, ${adc.law} compares currents`);
  if (sampling !== 'plane')
    find(
      ['sampling'],
      `expected plane, got ${sampling}: all slices of a weight are held until they are merged`,
    );
  if (merge.at === 'cell' && readout === 'current')
    find(['merge', 'at'], `expected column, got cell: a ${cell.law} cell has no capacitor`);
  const own = 'capacitor' in cell ? cell.capacitor : undefined;
  if (merge.at === 'cell' && merge.unit !== undefined && own !== undefined && merge.unit !== own) {
    const [unit, capacitor] = [merge.unit, own].map(value => formatQuantity(value, 'F', 3));
    find(
      ['merge', 'unit'],
      `expected ${capacitor}, the capacitor of the cell that stands for it, got ${unit}`,
    );
  }
  const columns = mergedColumns(design);
  if (columns < 2)
    find(['merge', 'law'], `a weight has ${columns} column in cells of ${cell.bits} bits: nothing to merge`);
  if (cols < columns)
    find(['crossbar', 'cols'], `expected at least the ${columns} columns of a weight, got ${cols}`);
  if (adc.columns % columns !== 0)
    find(
      ['adc', 'columns'],
      `expected a multiple of the ${columns} columns of a weight, which are merged, got ${adc.columns}`,
    );
  return errors;
}
