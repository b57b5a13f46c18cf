/** Finite on/off ratio: a cell at level 0 still conducts. */
import { usageError } from '../../base/errors.ts';

export interface OnOff {
  /** Conductance of the highest level over that of level 0. */
  readonly ratio: number;
  /** `column`: a reference column of cells at level 0 is subtracted before the ADC. `none`: their current stays in the sum. */
  readonly reference: 'none' | 'column';
}

/** Level 0 in units of one level step: G_min = (G_max - G_min) / (ratio - 1), as in NeuroSim and ClipFormer. */
export function minLevels(onOff: OnOff | undefined, maxLevel: number): number {
  if (onOff === undefined) return 0;
  if (!(onOff.ratio > 1)) throw usageError(`the on/off ratio is above 1, got ${onOff.ratio}`);
  return maxLevel / (onOff.ratio - 1);
}
