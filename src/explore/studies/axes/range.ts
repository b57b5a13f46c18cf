/** `{ range: { from, to, step } }`, or with `points` in place of `step`; with neither a continuum, for samples. */
import * as z from 'zod';
import { error } from '../../../arch/finding.ts';
import { type AxisKind, listed } from '../axis.ts';
import { endSchema, endsOf, unitName } from '../ends.ts';
import { measureOf, written } from '../value.ts';

const schema = z.strictObject({
  from: endSchema,
  to: endSchema,
  step: endSchema.optional(),
  points: z.int().min(1).optional(),
});

export const axis: AxisKind<z.output<typeof schema>> = {
  name: 'range',
  describe: 'from, to, and step or points; with neither a continuum that samples are taken of',
  schema,
  axis({ from, to, step, points }) {
    const ends = endsOf(from, to);
    if ('severity' in ends) return ends;
    const { unit } = ends;
    const at = (number: number) => written({ number: Math.min(ends.to, number), unit });
    const width = ends.to - ends.from;
    if (step !== undefined && points !== undefined)
      return error(['points'], 'stands beside step: give one of them');
    if (step !== undefined) {
      const by = measureOf(step)!;
      if (by.unit !== unit)
        return error(
          ['step'],
          `is in ${unitName(by.unit)}, from in ${unitName(unit)}: write both in one unit`,
        );
      if (by.number <= 0) return error(['step'], 'expected a step above 0');
      return listed(Math.floor(width / by.number + 1e-9) + 1, i => at(ends.from + i * by.number));
    }
    if (points !== undefined)
      return listed(points, i => at(points === 1 ? ends.from : ends.from + (i * width) / (points - 1)));
    const sample = (u: number) => at(ends.from + u * width);
    return { size: undefined, at: sample, sample };
  },
};
