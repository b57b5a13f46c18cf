/** `zip: { ... }`: axes of one length side by side, value by value. */
import * as z from 'zod';
import { error } from '../../../arch/finding.ts';
import type { BlockKind } from '../block.ts';

const options = z.strictObject({});

export const block: BlockKind<z.output<typeof options>> = {
  name: 'zip',
  describe: 'the first values of all axes together, then the second ones, and so on',
  options,
  samples: false,
  combine(axes) {
    const [first, ...others] = axes;
    const size = first.axis.size!;
    const odd = others.find(({ axis }) => axis.size !== size);
    if (odd !== undefined)
      return error(
        [odd.path],
        `has ${odd.axis.size} values, ${first.path} has ${size}: a zip needs as many of each`,
      );
    return { size, at: i => axes.map(({ axis }) => axis.at(i)) };
  },
};
