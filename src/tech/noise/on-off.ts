/** Finite on/off ratio: a cell at level 0 still conducts. */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { block, factor } from '../../base/fields.ts';
import { type NoisyDevice, noiseTerm } from '../noise-term.ts';

export interface OnOff {
  /** Conductance of the highest level over that of level 0. */
  readonly ratio: number;
  /** `column`: a reference column of cells at level 0 is subtracted before the ADC. `none`: their current stays in the sum. */
  readonly reference: 'none' | 'column';
}

/** Level 0 in units of one level step: G_min = (G_max - G_min) / (ratio - 1), as in NeuroSim and ClipFormer. */
function minLevels(onOff: OnOff | undefined, maxLevel: number): number {
  if (onOff === undefined) return 0;
  if (!(onOff.ratio > 1)) throw usageError(`the on/off ratio is above 1, got ${onOff.ratio}`);
  return maxLevel / (onOff.ratio - 1);
}

/** Of the cell's resistances. Without a ratio level 0 does not conduct. */
function ratioOf({ cell: { onResistance, offResistance } }: NoisyDevice): number | undefined {
  return onResistance === undefined || offResistance === undefined ? undefined : offResistance / onResistance;
}

export const term = noiseTerm({
  name: 'onOff',
  place: 10,
  of: 'cells',
  schema: block({
    ratio: factor(1).optional().meta({
      description: 'highest over lowest conductance; absent: cell.offResistance / cell.onResistance',
    }),
    reference: z.enum(['column', 'none']).default('column').meta({
      description: 'column: a column of cells at level 0 is subtracted before the ADC',
    }),
  }),
  numbers: {
    onOff: {
      option: 'onOff',
      label: 'On/off ratio',
      min: 1.01,
      max: 1e9,
      own: (file, device) => file?.ratio ?? ratioOf(device),
    },
  },
  choices: {},
  params: ({ file, options, device }): OnOff | undefined => {
    const ratio = options.onOff ?? file?.ratio ?? ratioOf(device);
    return ratio === undefined ? undefined : { ratio, reference: file?.reference ?? 'column' };
  },
  effects: (onOff: OnOff, { maxLevel }) => [
    { kind: 'offConductance', levels: minLevels(onOff, maxLevel), reference: onOff.reference },
  ],
});
