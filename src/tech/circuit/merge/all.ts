/** All ways to merge slices of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import * as z from 'zod';
import { law as c2c } from './c-2c.ts';
import { law as chargeSharing } from './charge-sharing.ts';

/** All ways to merge slices, by their files. */
// biome-ignore format: one law a line
export const MERGE_LAWS = [
  c2c,
  chargeSharing,
] as const;

// biome-ignore format: one law a line
export const mergeSchema = z.discriminatedUnion('law', [
  c2c.schema,
  chargeSharing.schema,
]);

export type MergeParams = z.output<typeof mergeSchema>;
