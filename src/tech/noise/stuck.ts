/** Stuck cells: a fraction cannot leave the highest or the lowest conductance (MNSIM: 0.1 % each; early RRAM 1.75 % / 9.04 %). */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { noiseTerm } from '../noise-term.ts';

export interface Stuck {
  /** Probability of a cell stuck at the highest level. */
  readonly on: number;
  /** Probability of a cell stuck at level 0. */
  readonly off: number;
}

const share = { min: 0, max: 1 };

export const term = noiseTerm({
  name: 'stuck',
  place: 30,
  of: 'cells',
  schema: block({
    on: quantity('%', share).prefault('0 %').meta({ description: 'cells stuck at the highest level' }),
    off: quantity('%', share).prefault('0 %').meta({ description: 'cells stuck at level 0' }),
  }).superRefine((value, context) => {
    if (value.on + value.off > 1)
      context.addIssue({ code: 'custom', path: ['off'], message: 'expected on + off of at most 100 %' });
  }),
  numbers: {
    stuckOn: {
      option: 'stuckOn',
      label: 'Cells stuck at the highest level',
      min: 0,
      max: 1,
      own: file => file?.on ?? 0,
    },
    stuckOff: {
      option: 'stuckOff',
      label: 'Cells stuck at level 0',
      min: 0,
      max: 1,
      own: file => file?.off ?? 0,
    },
  },
  choices: {},
  params: ({ file, options }): Stuck | undefined => {
    const [on, off] = [options.stuckOn ?? file?.on ?? 0, options.stuckOff ?? file?.off ?? 0];
    return on === 0 && off === 0 ? undefined : { on, off };
  },
  effects: ({ on, off }: Stuck) => {
    if (!(on >= 0 && off >= 0 && on + off <= 1))
      throw usageError(`stuck cells: fractions from 0 to 1 with a sum of at most 1, got ${on} and ${off}`);
    return [{ kind: 'stuckAt', on, off }];
  },
});
