/** `{ log: { from, to, points } }`: each value the same factor above the last; without points a continuum, for samples. */
import * as z from 'zod';
import { error } from '../../../arch/finding.ts';
import { type AxisKind, listed } from '../axis.ts';
import { endSchema, endsOf } from '../ends.ts';
import { written } from '../value.ts';

const schema = z.strictObject({
  from: endSchema,
  to: endSchema,
  points: z.int().min(1).optional(),
});

export const axis: AxisKind<z.output<typeof schema>> = {
  name: 'log',
  describe: 'from and to with points between them at equal factors; without points a continuum',
  schema,
  axis({ from, to, points }) {
    const ends = endsOf(from, to);
    if ('severity' in ends) return ends;
    if (ends.from <= 0) return error(['from'], 'expected a number above 0: factors do not reach it');
    const { unit } = ends;
    const factor = Math.log(ends.to / ends.from);
    const at = (share: number) => {
      // The ends are as they were written.
      if (share <= 0) return written({ number: ends.from, unit });
      if (share >= 1) return written({ number: ends.to, unit });
      const number = Math.min(ends.to, Math.max(ends.from, ends.from * Math.exp(share * factor)));
      return written({ number, unit });
    };
    if (points !== undefined) return listed(points, i => at(points === 1 ? 0 : i / (points - 1)));
    return { size: undefined, at, sample: at };
  },
};
