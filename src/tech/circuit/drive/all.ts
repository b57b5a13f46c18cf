/** All ways to drive inputs of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import * as z from 'zod';
import { law as amplitude } from './amplitude.ts';
import { law as pulseCount } from './pulse-count.ts';
import { law as pulseWidth } from './pulse-width.ts';

/** All ways to drive inputs, by their files. */
// biome-ignore format: one law a line
export const INPUT_DRIVES = [
  amplitude,
  pulseCount,
  pulseWidth,
] as const;

// biome-ignore format: one law a line
export const driveSchema = z.discriminatedUnion('law', [
  amplitude.schema,
  pulseCount.schema,
  pulseWidth.schema,
]);

export type DriveParams = z.output<typeof driveSchema>;
