/** `sobol: { points, skip, ... }`: points of a low-discrepancy sequence, which fill the axes evenly at every power of two. */
import * as z from 'zod';
import { error } from '../../../arch/finding.ts';
import { type BlockKind, sampled } from '../block.ts';
import { MOST_DIMENSIONS, MOST_INDICES, sobolCoordinate } from '../sobol-sequence.ts';

const options = z.strictObject({
  points: z.int().min(1, 'expected how many points are taken, at least 1'),
  skip: z.int().min(0).default(0),
});

export const block: BlockKind<z.output<typeof options>> = {
  name: 'sobol',
  describe: 'points of the Sobol sequence, after `skip` of them',
  options,
  samples: true,
  combine(axes, { points, skip }) {
    if (axes.length > MOST_DIMENSIONS)
      return error(
        [axes[MOST_DIMENSIONS].path],
        `is axis ${MOST_DIMENSIONS + 1}: a sobol block has at most ${MOST_DIMENSIONS}`,
      );
    if (skip + points > MOST_INDICES)
      return error(['skip'], `and points are more than the ${MOST_INDICES} that the sequence has`);
    return sampled(axes, points, (point, axis) => sobolCoordinate(skip + point, axis));
  },
};
