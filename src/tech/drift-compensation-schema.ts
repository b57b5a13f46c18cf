/** What a technology file may say of the compensation of drift. */
import * as z from 'zod';
import { block, count, quantity } from '../base/fields.ts';

/**
 * What one factor is of. `global`: all layers of the chip whose crossbars say so. `layer`: the arrays of one layer, as a tile of
 * aihwkit's compensation, which calls it global. `none`: nothing is compensated.
 */
export const COMPENSATIONS = ['none', 'global', 'layer'] as const;
/** What one factor against drift is of. */
export type CompensationScope = (typeof COMPENSATIONS)[number];

export const driftCompensationSchema = block({
  scope: z.enum(COMPENSATIONS).default('layer').meta({
    description: 'what has a factor of its own: a layer, or all of them together',
  }),
  vectors: count(1, 64).default(8).meta({ description: 'reference vectors of a layer; assumed' }),
  columns: count(0, 64).default(0).meta({
    description:
      'of each array that hold known levels in the place of weights, and are read as references; 0: the columns of weights are',
  }),
  interval: quantity('s', { positive: true })
    .prefault('10 s')
    .meta({ description: 'from one reading of the references to the next; assumed' }),
}).meta({ description: 'how drift of known weights is made up for; absent: it is not' });

export type DriftCompensation = z.output<typeof driftCompensationSchema>;
