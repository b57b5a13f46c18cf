/** All cell laws of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { z } from 'zod';
import { law as digitalCim } from './digital-cim.ts';
import { law as fefet } from './fefet.ts';
import { law as pcm } from './pcm.ts';
import { law as rram } from './rram.ts';
import { law as sram6t } from './sram-6t.ts';
import { law as sram8t } from './sram-8t.ts';
import { law as sramCharge } from './sram-charge.ts';

/** All cell laws, by their files. */
// biome-ignore format: one law a line
export const CELL_LAWS = [
  digitalCim,
  fefet,
  pcm,
  rram,
  sram6t,
  sram8t,
  sramCharge,
] as const;

// biome-ignore format: one law a line
export const cellSchema = z.discriminatedUnion('law', [
  digitalCim.schema,
  fefet.schema,
  pcm.schema,
  rram.schema,
  sram6t.schema,
  sram8t.schema,
  sramCharge.schema,
]);

export type CellParams = z.output<typeof cellSchema>;
