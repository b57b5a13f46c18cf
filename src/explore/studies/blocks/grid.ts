/** `grid: { ... }`, and paths that stand in no block: every combination, the last axis fastest. */
import * as z from 'zod';
import type { BlockKind } from '../block.ts';
import { mixedRadix } from '../radix.ts';

const options = z.strictObject({});

export const block: BlockKind<z.output<typeof options>> = {
  name: 'grid',
  describe: 'every combination of its axes',
  options,
  samples: false,
  combine(axes) {
    const choices = axes.map(({ axis }) => axis.size!);
    const { size, digits } = mixedRadix(choices);
    return {
      size,
      choices,
      at(i) {
        const at = digits(i);
        return axes.map(({ axis }, n) => axis.at(at[n]));
      },
    };
  },
};
