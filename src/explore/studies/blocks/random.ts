/** `random: { points, seed, ... }`: independent uniform samples (of `log` axes: of the logarithm). */
import type * as z from 'zod';
import { streamKey } from '../../../base/random.ts';
import { type BlockKind, sampled } from '../block.ts';
import { samplingOptions, uniformAt } from '../sampling.ts';

export const block: BlockKind<z.output<typeof samplingOptions>> = {
  name: 'random',
  describe: 'points taken at random',
  options: samplingOptions,
  samples: true,
  combine(axes, { points, seed }) {
    const keys = axes.map(({ path }) => streamKey(seed, 'study random', path));
    return sampled(axes, points, (point, axis) => uniformAt(keys[axis], point));
  },
};
