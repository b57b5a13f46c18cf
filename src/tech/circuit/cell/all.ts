/** All cell laws of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import * as z from 'zod';
import { law as digitalCim } from './digital-cim.ts';
import { law as ecram } from './ecram.ts';
import { law as fefet } from './fefet.ts';
import { law as gainCell } from './gain-cell.ts';
import { law as norFlash } from './nor-flash.ts';
import { law as pcm } from './pcm.ts';
import { law as rram } from './rram.ts';
import { law as sotMram } from './sot-mram.ts';
import { law as sram6t } from './sram-6t.ts';
import { law as sram8t } from './sram-8t.ts';
import { law as sramCharge } from './sram-charge.ts';
import { law as sttMram } from './stt-mram.ts';

/** All cell laws, by their files. */
// biome-ignore format: one law a line
export const CELL_LAWS = [
  digitalCim,
  ecram,
  fefet,
  gainCell,
  norFlash,
  pcm,
  rram,
  sotMram,
  sram6t,
  sram8t,
  sramCharge,
  sttMram,
] as const;

// biome-ignore format: one law a line
export const cellSchema = z.discriminatedUnion('law', [
  digitalCim.schema,
  ecram.schema,
  fefet.schema,
  gainCell.schema,
  norFlash.schema,
  pcm.schema,
  rram.schema,
  sotMram.schema,
  sram6t.schema,
  sram8t.schema,
  sramCharge.schema,
  sttMram.schema,
]);

export type CellParams = z.output<typeof cellSchema>;
