/** `latin-hypercube: { points, seed, ... }`: each axis is cut into as many strata as there are points, and each has one (McKay, Beckman, Conover, Technometrics 21, 1979). */
import type * as z from 'zod';
import { streamKey } from '../../../base/random.ts';
import { type BlockKind, sampled } from '../block.ts';
import { samplingOptions, shuffled, uniformAt } from '../sampling.ts';

export const block: BlockKind<z.output<typeof samplingOptions>> = {
  name: 'latin-hypercube',
  describe: 'points at random, one in each stratum of each axis',
  options: samplingOptions,
  samples: true,
  combine(axes, { points, seed }) {
    const strata = axes.map(({ path }) => shuffled(streamKey(seed, 'study strata', path), points));
    const keys = axes.map(({ path }) => streamKey(seed, 'study latin hypercube', path));
    return sampled(
      axes,
      points,
      (point, axis) => (strata[axis](point) + uniformAt(keys[axis], point)) / points,
    );
  },
};
