/** All laws of converters of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import * as z from 'zod';
import { law as adderChain } from './adder-chain.ts';
import { law as adderTree } from './adder-tree.ts';
import { law as bitTrees } from './bit-trees.ts';
import { law as boothTree } from './booth-tree.ts';
import { law as currentSar } from './current-sar.ts';
import { law as given } from './given.ts';
import { law as neurosimFlash } from './neurosim-flash.ts';
import { law as neurosimSar } from './neurosim-sar.ts';
import { law as ramp } from './ramp.ts';
import { law as sharedCounter } from './shared-counter.ts';
import { law as silicon } from './silicon.ts';
import { law as survey } from './survey.ts';
import { law as timeDomain } from './time-domain.ts';
import { law as zigzag } from './zigzag.ts';

/** All laws of converters, by their files. */
// biome-ignore format: one law a line
export const ADC_LAWS = [
  adderChain,
  adderTree,
  bitTrees,
  boothTree,
  currentSar,
  given,
  neurosimFlash,
  neurosimSar,
  ramp,
  sharedCounter,
  silicon,
  survey,
  timeDomain,
  zigzag,
] as const;

// biome-ignore format: one law a line
export const adcSchema = z.discriminatedUnion('law', [
  adderChain.schema,
  adderTree.schema,
  bitTrees.schema,
  boothTree.schema,
  currentSar.schema,
  given.schema,
  neurosimFlash.schema,
  neurosimSar.schema,
  ramp.schema,
  sharedCounter.schema,
  silicon.schema,
  survey.schema,
  timeDomain.schema,
  zigzag.schema,
]);

export type AdcParams = z.output<typeof adcSchema>;
